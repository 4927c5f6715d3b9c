// What `hpod --replay` does. Main thread.
#pragma once

#include <iosfwd>
#include <string>

#include "schema/result.hpp"
#include "strategies/strategy.hpp"

namespace hpo::replay {

// Reads an export, writes a report of the format "text" or "json" by the program `build`. True if
// all suggestions are equal. Beside whatever else runs on this host: at a nice value of 10.
Result<bool> carry_out(std::istream& pages, const std::string& format, const std::string& build,
                       std::ostream& report, const StrategyFinder& find = find_strategy);

}  // namespace hpo::replay
