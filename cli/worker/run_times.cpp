// See run_times.hpp.
#include "cli/worker/run_times.hpp"

#include <algorithm>
#include <vector>

namespace hpo::cli::worker {

void RunTimes::add(std::chrono::nanoseconds time) {
  times_.push_back(time);
  if (times_.size() > kept_max) times_.pop_front();
}

std::optional<std::chrono::nanoseconds> RunTimes::usual() const {
  if (times_.empty()) return std::nullopt;
  std::vector<std::chrono::nanoseconds> sorted(times_.begin(), times_.end());
  const auto rank = static_cast<std::ptrdiff_t>((sorted.size() * 9 + 9) / 10 - 1);
  std::nth_element(sorted.begin(), sorted.begin() + rank, sorted.end());
  return sorted[static_cast<std::size_t>(rank)];
}

}  // namespace hpo::cli::worker
