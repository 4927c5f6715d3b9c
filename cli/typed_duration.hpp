// "3h50m", "90s", "04:00:00" behind an option. Pure.
#pragma once

#include <chrono>
#include <string>

#include "schema/result.hpp"

namespace hpo::cli {

// What study.json takes, and sums of it. Error: invalid_argument for anything else, and for 0.
Result<std::chrono::seconds> typed_duration(const std::string& option, const std::string& word);

}  // namespace hpo::cli
