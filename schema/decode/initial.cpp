// "initial": params of the first trials, chosen by the user. See sections.hpp.
#include <algorithm>

#include "schema/codec/codec.hpp"
#include "schema/decode/display.hpp"
#include "schema/decode/read.hpp"
#include "schema/decode/sections.hpp"

namespace hpo::decode {
namespace {

constexpr std::size_t initial_max = 1000;

// The first name that the space does not have.
bool check_names(const Cursor& at, const SearchSpace& space) {
  for (const json::Member& member : at.node().members) {
    if (space.index_of(member.key)) continue;
    std::vector<std::string_view> known;
    for (const Parameter& parameter : space.parameters()) known.push_back(parameter.name);
    at.add_at(member.key_at, "/" + json::pointer_token(member.key),
              {.code = Code::bad_initial,
               .message = "the space has no parameter " + quoted(member.key),
               .suggestion = std::string(nearest(member.key, known))});
    return false;
  }
  return true;
}

void decode_entry(const Cursor& at, const SearchSpace& space, std::vector<Values>& out) {
  if (!expect_object(at, "write {\"lr\": 0.01}") || !check_names(at, space)) return;
  Result<Values> values = params_from_node(space, at.node());
  if (values) {
    out.push_back(*std::move(values));
    return;
  }
  const Error& error = values.error();
  at.below(error.where).add({.code = Code::bad_initial,
                             .message = error.what,
                             .suggestion = error.remedy});
}

}  // namespace

void decode_initial(const Cursor& at, const SearchSpace& space, std::vector<Values>& out) {
  if (!expect_list(at, {.low = 0, .high = initial_max}, "write [{\"lr\": 0.01}]")) return;
  for (const Cursor& item : at.items()) decode_entry(item, space, out);
}

}  // namespace hpo::decode
