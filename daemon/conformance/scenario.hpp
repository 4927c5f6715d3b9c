// A strategy through a study's life on one space, with a second object that was started later.
#pragma once

#include "daemon/conformance/findings.hpp"
#include "daemon/conformance/spaces.hpp"
#include "strategies/strategy.hpp"

namespace hpo::conformance {

// Adds what is found on this space. False: the strategy does not take it, and says so.
bool try_space(const Case& on, const StrategyEntry& entry, Findings& findings);

// The same for a long history, and for a space that ends.
void try_long_history(const Case& on, const StrategyEntry& entry, Findings& findings);
void try_end(const Case& on, const StrategyEntry& entry, Findings& findings);

}  // namespace hpo::conformance
