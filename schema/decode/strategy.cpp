// "strategy" and "dispatch": who proposes params, and how trials reach their machines.
// See sections.hpp.
#include <algorithm>
#include <array>

#include "schema/decode/display.hpp"
#include "schema/decode/keys.hpp"
#include "schema/decode/read.hpp"
#include "schema/decode/sections.hpp"

namespace hpo::decode {
namespace {

// As in strategies/strategies.def, and auto, which chooses among them.
constexpr std::array<std::string_view, 4> strategies{"auto", "random", "sobol", "tpe"};
constexpr std::array<std::string_view, 2> strategy_keys{"type", "options"};
constexpr std::array<std::string_view, 1> dispatches{"job_per_trial"};

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

// No strategy of this version has options, so each of them is unknown.
void check_options(const Cursor& at, const StrategySpec& spec) {
  if (!expect_object(at)) return;
  for (const Cursor& option : at.members()) {
    option.add_to_key({.code = Code::unknown_key,
                       .message = "the strategy " + quoted(spec.type) + " has no option " +
                                  quoted(option.key()),
                       .suggestion = "remove it; the strategies of this version have no options"});
  }
}

}  // namespace

void decode_strategy(const Cursor& at, StrategySpec& out) {
  if (at.node().kind == json::Kind::string) {
    read_type(at, out);
    return;
  }
  if (!expect_object(at, "write \"auto\", or {\"type\": \"auto\"}")) return;
  const auto meant = check_keys(at, Section::strategy, strategy_keys);
  const auto type = at.find("type");
  if (!type && meant.empty()) {
    at.add({.code = Code::missing_key, .message = "the strategy has no \"type\"",
            .suggestion = "add \"type\": \"auto\"", .note = "strategies: " + joined(strategies)});
  }
  const bool is_read = type && read_type(*type, out);
  const auto options = at.find("options");
  if (options && is_read) check_options(*options, out);
}

void decode_dispatch(const Cursor& at) {
  if (at.node().kind != json::Kind::string) {
    add_wrong_type(at, "a string", "write \"job_per_trial\", or leave \"dispatch\" out");
  } else if (at.node().string != "job_per_trial") {
    at.add(unknown_word(Section::dispatch, "dispatch", at.node().string, dispatches));
  }
}

}  // namespace hpo::decode
