// Seconds, percentiles and a line of JSON: what every benchmark program prints at its end.
//
// Header only, standard library only, so that the programs stay small. Any thread.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

namespace hpo::bench {

using Clock = std::chrono::steady_clock;

inline double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// The nearest-rank percentile; 0 if there is nothing to rank.
inline double percentile(std::vector<double> values, double fraction) {
  if (values.empty()) return 0.0;
  const auto rank = static_cast<std::size_t>(fraction * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(rank),
                   values.end());
  return values[rank];
}

inline void print_latencies(const std::vector<double>& milliseconds, double elapsed_s) {
  std::printf("{\"count\":%zu,\"seconds\":%.4f,\"rate\":%.2f,\"p50_ms\":%.4f,\"p99_ms\":%.4f}\n",
              milliseconds.size(), elapsed_s,
              static_cast<double>(milliseconds.size()) / elapsed_s,
              percentile(milliseconds, 0.5), percentile(milliseconds, 0.99));
}

}  // namespace hpo::bench
