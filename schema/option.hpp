// An option of a strategy or a pruner: name, type, range, default and source.
//
// Whole tables of them are in strategy_options.cpp and pruner_options.cpp, for the decoder, for
// those who have the options, and for whoever lists them. Immutable, any thread.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "schema/search_space.hpp"

namespace hpo {

struct Option {
  enum class Kind { number, integer, word };
  std::string_view owner{};                  // the strategy or pruner that has it
  std::string_view name{};
  Kind kind = Kind::number;
  double low = 0.0;                          // of numbers and integers, included
  double high = 0.0;                         // likewise
  std::vector<std::string_view> words{};     // of a word
  std::optional<ParamValue> fallback{};      // unset: the owner chooses, as `meaning` says
  std::string_view meaning{};
  std::string_view source{};                 // where the default comes from
};

// Those of one owner, which lie side by side in `all`; none if it has none, or is unknown.
std::span<const Option> options_of(std::span<const Option> all, std::string_view owner);

// True if the value has the option's type and lies in its range. An integer is a number too.
bool is_legal(const Option& option, const ParamValue& value);

}  // namespace hpo
