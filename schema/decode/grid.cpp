// The options of the strategy "grid": which values of a parameter it combines. See sections.hpp.
//
// Read when the space is known: they are values of its parameters.
#include <algorithm>
#include <array>
#include <cmath>

#include "schema/codec/codec.hpp"
#include "schema/decode/display.hpp"
#include "schema/decode/keys.hpp"
#include "schema/decode/read.hpp"
#include "schema/decode/sections.hpp"
#include "schema/json/writer.hpp"

namespace hpo::decode {
namespace {

constexpr std::string_view grid_example = "write \"values\": {\"lr\": [1e-4, 1e-3, 1e-2]}";
constexpr std::array<std::string_view, 1> grid_keys{"values"};

void read_listed(const Cursor& at, const Parameter& parameter, std::vector<ParamValue>& out) {
  Result<ParamValue> value = param_from_node(parameter, at.node());
  if (!value) {
    return at.add({.code = Code::bad_grid,
                   .message = value_words(at.node()) + " is no value of " + quoted(parameter.name),
                   .suggestion = value.error().remedy});
  }
  if (std::find(out.begin(), out.end(), *value) != out.end()) {
    return at.add({.code = Code::bad_grid, .message = value_words(at.node()) + " is listed twice",
                   .suggestion = "remove one of the two"});
  }
  out.push_back(*std::move(value));
}

void read_lists(const Cursor& at, const SearchSpace& space, StrategySpec& out) {
  std::vector<std::string_view> known;
  for (const Parameter& parameter : space.parameters()) known.push_back(parameter.name);
  for (const Cursor& member : at.members()) {
    const auto index = space.index_of(member.key());
    if (!index) {
      member.add_to_key({.code = Code::bad_grid,
                         .message = "the space has no parameter " + quoted(member.key()),
                         .suggestion = std::string(nearest(member.key(), known))});
      continue;
    }
    if (!expect_list(member, {.low = 1, .high = SearchSpace::choices_max})) continue;
    std::vector<ParamValue>& values = out.grid_values[std::string(member.key())];
    for (const Cursor& item : member.items()) {
      read_listed(item, space.parameters()[*index], values);
    }
  }
}

bool needs_values(const Parameter& parameter) {
  return std::isinf(count_of_values(parameter.domain));
}

// What the budget is worth is clear only where every combination counts.
void warn_of_size(const Cursor& at, const StudySpec& spec) {
  if (spec.space.has_conditions() || !spec.space.constraints().empty()) return;
  double count = 1.0;
  for (const Parameter& parameter : spec.space.parameters()) {
    const auto listed = spec.strategy.grid_values.find(parameter.name);
    const bool is_listed = listed != spec.strategy.grid_values.end();
    count *= is_listed ? static_cast<double>(listed->second.size())
                       : count_of_values(parameter.domain);
  }
  if (count <= static_cast<double>(spec.budget.trials)) return;
  const std::string sets = count < 1e15 ? std::to_string(static_cast<std::int64_t>(count))
                                        : json::number_text(count);
  at.add({.code = Code::limit_without_effect,
          .message = "the grid has " + sets + " sets of values, but the budget " +
                     std::to_string(spec.budget.trials) + " trials",
          .suggestion = "raise \"trials\" in \"budget\", or give fewer \"values\""});
}

}  // namespace

void decode_grid(const Cursor& at, StudySpec& spec) {
  if (spec.strategy.type != "grid") return;
  const std::size_t errors = at.errors();
  const auto options = at.find("options");
  if (options && expect_object(*options, grid_example)) {
    check_keys(*options, Section::strategy, grid_keys);
    const auto values = options->find("values");
    if (values && expect_object(*values, grid_example)) {
      read_lists(*values, spec.space, spec.strategy);
    }
  }
  if (at.errors() > errors) return;  // a misspelt name may be the one that seems to lack values
  for (const Parameter& parameter : spec.space.parameters()) {
    if (!needs_values(parameter) || spec.strategy.grid_values.contains(parameter.name)) continue;
    at.add({.code = Code::bad_grid,
            .message = "the grid has no values for " + quoted(parameter.name) + ", a float",
            .suggestion = "write {\"type\": \"grid\", \"options\": {\"values\": {" +
                          quoted(parameter.name) + ": [ … ]}}}, or give it a \"step\""});
  }
  if (at.errors() == errors) warn_of_size(at, spec);
}

}  // namespace hpo::decode
