// What `hpod --test-strategy` does. Main thread.
#pragma once

#include <iosfwd>
#include <string>

#include "schema/result.hpp"
#include "strategies/strategy.hpp"

namespace hpo::conformance {

// Tries the strategy of the study that `text` is, on spaces of the suite's own; tells each check.
// True if all hold. Error: invalid_argument, if the text is no study.
Result<bool> carry_out(const std::string& text, const StrategyFinder& find, std::ostream& report);

}  // namespace hpo::conformance
