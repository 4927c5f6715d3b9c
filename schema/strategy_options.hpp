// The options of the strategies. Immutable, any thread.
#pragma once

#include "schema/option.hpp"

namespace hpo {

// All of them, those of one strategy side by side.
std::span<const Option> strategy_options();

// Those of one strategy; none if it has none, or is unknown.
std::span<const Option> options_of(std::string_view strategy);

}  // namespace hpo
