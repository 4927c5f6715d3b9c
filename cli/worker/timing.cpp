// See timing.hpp.
#include "cli/worker/timing.hpp"

#include <algorithm>

namespace hpo::cli::worker {
namespace {

using namespace std::chrono_literals;

constexpr Instant tell_time_max = 5s;

Instant doubled(Instant first, int failures, Instant longest) {
  const int doublings = std::clamp(failures - 1, 0, 20);
  return std::min<Instant>(first * (1LL << doublings), longest);
}

}  // namespace

Instant time_to_train(std::chrono::seconds wall_time, std::chrono::seconds grace) {
  const Instant whole = wall_time;
  return std::max<Instant>(whole - grace - std::min(tell_time_max, whole / 10), 0ns);
}

Instant back_off(int failures, std::chrono::milliseconds lease, double jitter) {
  const Instant whole = doubled(100ms, failures, lease / 4);
  return Instant(static_cast<std::int64_t>(static_cast<double>(whole.count()) *
                                           (0.5 + 0.5 * jitter)));
}

Instant begin_pause(int failures) { return doubled(5s, failures, 5min); }

}  // namespace hpo::cli::worker
