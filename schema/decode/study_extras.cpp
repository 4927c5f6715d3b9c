// Top-level x-… keys: notes of the user, kept as JSON text and never read. See sections.hpp.
#include "schema/decode/sections.hpp"
#include "schema/json/writer.hpp"

namespace hpo::decode {
namespace {

void write(const json::Node& node, json::Writer& out) {  // as deep as the parser lets it be
  switch (node.kind) {
    case json::Kind::null: out.null(); return;
    case json::Kind::boolean: out.value(node.boolean); return;
    case json::Kind::integer: out.value(node.integer); return;
    case json::Kind::number: out.value(node.number); return;
    case json::Kind::string: out.value(node.string); return;
    case json::Kind::array:
      out.array();
      for (const json::Node& item : node.items) write(item, out);
      break;
    case json::Kind::object:
      out.object();
      for (const json::Member& member : node.members) write(member.value, out.key(member.key));
      break;
  }
  out.end();
}

}  // namespace

void decode_extras(const Cursor& root, std::map<std::string, std::string>& out) {
  for (const json::Member& member : root.node().members) {
    if (!member.key.starts_with("x-")) continue;
    json::Writer text;
    write(member.value, text);
    out.emplace(member.key, std::move(text).text());
  }
}

}  // namespace hpo::decode
