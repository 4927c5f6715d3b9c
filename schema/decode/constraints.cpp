// "space_constraints": what combinations of values there are. See sections.hpp.
#include <algorithm>

#include "schema/codec/codec.hpp"
#include "schema/decode/display.hpp"
#include "schema/decode/read.hpp"
#include "schema/decode/sections.hpp"
#include "schema/space_probe.hpp"

namespace hpo::decode {
namespace {

constexpr std::size_t constraints_max = 64;
constexpr std::size_t constraint_characters_max = 512;
constexpr std::string_view constraints_example = "write [\"width * depth <= 384\"]";

// The caret points into the text where the source has no escapes before it.
json::Position position_of(const json::Node& node, const ConstraintFault& fault) {
  if (node.at.length != node.string.size() + 2) return node.at;
  const std::size_t offset = std::min(fault.offset, node.string.size());
  return {.offset = node.at.offset + 1 + offset,
          .length = std::max<std::size_t>(1, fault.length)};
}

void read_constraint(const Cursor& at, const std::vector<Parameter>& parameters,
                     std::vector<Constraint>& out) {
  const auto text = read_text(at, {.low = 1, .high = constraint_characters_max});
  if (!text) return;
  auto parsed = Constraint::parse(*text, parameters);
  if (auto* constraint = std::get_if<Constraint>(&parsed)) {
    out.push_back(std::move(*constraint));
    return;
  }
  const auto& fault = std::get<ConstraintFault>(parsed);
  at.add_at(position_of(at.node(), fault), "",
            {.code = Code::bad_constraint, .message = fault.what, .suggestion = fault.remedy});
}

void check_defaults(const Cursor& at, const SearchSpace& space) {
  const auto values = space.defaults();
  const auto violated = values ? space.violated(*values) : std::nullopt;
  if (!violated) return;
  at.items()[*violated].add({.code = Code::defaults_violate,
                             .message = "the defaults, which make a trial, do not fulfil this",
                             .suggestion = "change a default, or remove one"});
}

void check_probe(const Cursor& at, const SearchSpace& space) {
  static_assert(probe_tries == 100'000, "as the messages say");
  const Probe probe = probe_space(space);
  if (probe.values) return;
  const std::string tries = "of 100,000 random values ";
  if (probe.is_never_finite) {
    return at.items()[*probe.culprit].add(
        {.code = Code::nothing_allowed,
         .message = tries + "none fulfils this constraint: what it compares is never finite",
         .suggestion = "look for a division by 0, and for log or sqrt of what is below 0"});
  }
  if (probe.culprit) {
    return at.items()[*probe.culprit].add(
        {.code = Code::nothing_allowed, .message = tries + "none fulfils this constraint",
         .suggestion = "loosen it, or narrow the ranges of its parameters"});
  }
  at.add_to_key({.code = Code::nothing_allowed,
                 .message = tries + "none fulfils all constraints, though some fulfil each",
                 .suggestion = "loosen one, or narrow the ranges of its parameters"});
}

}  // namespace

void decode_constraints(const Cursor& at, SearchSpace& space) {
  if (!expect_list(at, {.low = 0, .high = constraints_max}, constraints_example)) return;
  const std::size_t errors = at.errors();
  std::vector<Constraint> constraints;
  for (const Cursor& item : at.items()) {
    read_constraint(item, space.parameters(), constraints);
  }
  if (at.errors() > errors) return;
  space = space.constrained(std::move(constraints));
  check_defaults(at, space);
  check_probe(at, space);
}

}  // namespace hpo::decode
