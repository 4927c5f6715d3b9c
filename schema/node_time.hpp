// Node-time: nodes times the time that they are kept, as batch systems account it.
//
// Counted in whole milliseconds, since sums of fractions of an hour would miss a cap by their
// rounding. Pure, any thread.
#pragma once

#include <chrono>
#include <cmath>
#include <cstdint>

namespace hpo {

inline constexpr double ms_per_hour = 3'600'000.0;

inline std::int64_t node_ms_of_hours(double hours) { return std::llround(hours * ms_per_hour); }
constexpr double node_hours_of_ms(std::int64_t ms) { return static_cast<double>(ms) / ms_per_hour; }

constexpr std::int64_t node_ms(int nodes, std::chrono::milliseconds time) {
  return nodes * std::int64_t{time.count()};
}

}  // namespace hpo
