// Top-level x-… keys: notes of the user, kept as JSON text and never read. See sections.hpp.
#include "schema/decode/sections.hpp"
#include "schema/json/node.hpp"

namespace hpo::decode {

void decode_extras(const Cursor& root, std::map<std::string, std::string>& out) {
  for (const json::Member& member : root.node().members) {
    if (!member.key.starts_with("x-")) continue;
    out.emplace(member.key, json::node_text(member.value));
  }
}

}  // namespace hpo::decode
