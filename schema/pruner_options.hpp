// The options of the pruners. Immutable, any thread.
#pragma once

#include "schema/option.hpp"

namespace hpo {

// All of them, those of one pruner side by side.
std::span<const Option> pruner_options();

// The words of "type" of asha and hyperband: a trial that is not good enough ends, or waits until
// it is.
inline constexpr std::string_view halving_stopping = "stopping";
inline constexpr std::string_view halving_promotion = "promotion";

}  // namespace hpo
