// "strategy" and "dispatch": who proposes params, and how trials reach their machines.
// See sections.hpp.
#include <algorithm>
#include <array>

#include "schema/decode/display.hpp"
#include "schema/decode/keys.hpp"
#include "schema/decode/read.hpp"
#include "schema/decode/sections.hpp"
#include "schema/strategy_list.hpp"
#include "schema/strategy_options.hpp"

namespace hpo::decode {
namespace {

constexpr auto strategies = [] {
  std::array<std::string_view, strategy_list.size()> names{};
  for (std::size_t i = 0; i < names.size(); ++i) names[i] = strategy_list[i].name;
  return names;
}();
constexpr std::array<std::string_view, 2> strategy_keys{"type", "options"};
constexpr std::array<std::string_view, 5> all_keys{"type", "options", "command", "time", "memory"};

bool is_known(std::string_view name) {
  return std::find(strategies.begin(), strategies.end(), name) != strategies.end();
}

bool read_type(const Cursor& at, StrategySpec& out) {
  if (at.node().kind != json::Kind::string) {
    add_wrong_type(at, "a strategy's name", "write \"auto\"");
    return false;
  }
  if (is_known(at.node().string)) {
    out.type = at.node().string;
    return true;
  }
  at.add(unknown_word(Section::strategy_type, "strategy", at.node().string, strategies));
  return false;
}

}  // namespace

void decode_strategy(const Cursor& at, StrategySpec& out) {
  if (at.node().kind == json::Kind::string) {
    if (read_type(at, out) && out.type == "external") decode_external(at, out.external);
    return;
  }
  if (!expect_object(at, "write \"auto\", or {\"type\": \"auto\"}")) return;
  const auto type = at.find("type");
  const bool is_external = type && type->node().string == "external";
  const auto meant = is_external ? check_keys(at, Section::strategy, all_keys)
                                 : check_keys(at, Section::strategy, strategy_keys,
                                              external_keys());
  if (!type && meant.empty()) {
    at.add({.code = Code::missing_key, .message = "the strategy has no \"type\"",
            .suggestion = "add \"type\": \"auto\"", .note = "strategies: " + joined(strategies)});
  }
  const bool is_read = type && read_type(*type, out);
  if (is_external) return decode_external(at, out.external);
  if (is_read) refuse_external_keys(at);
  const auto options = at.find("options");
  // Those of "grid" wait for the space: see grid.cpp.
  if (!options || !is_read || out.type == "grid") return;
  read_options(*options, {.kind = "strategy", .name = out.type, .options = options_of(out.type)},
               out.options);
}

}  // namespace hpo::decode
