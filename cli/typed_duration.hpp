// "3h50m", "90s", "04:00:00" behind an option. Pure.
#pragma once

#include <chrono>
#include <string>

#include "schema/result.hpp"

namespace hpo::cli {

inline constexpr std::chrono::seconds typed_duration_max = std::chrono::hours(24 * 3650);

// What study.json takes, and sums of it. Error: invalid_argument for anything else, for less than
// a second and for more than `most`, which it names.
Result<std::chrono::seconds> typed_duration(const std::string& option, const std::string& word,
                                            std::chrono::seconds most = typed_duration_max);

}  // namespace hpo::cli
