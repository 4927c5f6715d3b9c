// The options of the strategies: name, type, range, default and source, in one table for the
// decoder, the strategies and whoever lists them.
//
// Immutable, any thread.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "schema/search_space.hpp"

namespace hpo {

struct StrategyOption {
  enum class Kind { number, integer, word };
  std::string_view strategy{};
  std::string_view name{};
  Kind kind = Kind::number;
  double low = 0.0;                          // of numbers and integers, included
  double high = 0.0;                         // likewise
  std::vector<std::string_view> words{};     // of a word
  std::optional<ParamValue> fallback{};      // unset: the strategy chooses, as `meaning` says
  std::string_view meaning{};
  std::string_view source{};                 // where the default comes from
};

// All of them, those of one strategy side by side.
std::span<const StrategyOption> strategy_options();

// Those of one strategy; none if it has none, or is unknown.
std::span<const StrategyOption> options_of(std::string_view strategy);

// True if the value has the option's type and lies in its range. An integer is a number too.
bool is_legal(const StrategyOption& option, const ParamValue& value);

}  // namespace hpo
