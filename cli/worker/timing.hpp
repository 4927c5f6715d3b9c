// When to speak and to listen, pauses between asks, back-off while no daemon answers. Pure.
//
// Instants are of a monotonic clock that the caller hands in.
#pragma once

#include <chrono>

namespace hpo::cli::worker {

using Instant = std::chrono::nanoseconds;  // since some moment before the worker began
inline constexpr Instant never = Instant::max();

// A request is answered within a quarter of the lease, and renews it; with less than a quarter
// left, a trial of it is not begun any more: the daemon may hear of that too late.
constexpr Instant wait_longest(std::chrono::milliseconds lease) { return lease / 4; }
constexpr Instant begin_margin(std::chrono::milliseconds lease) { return lease / 4; }

// Quiet for so long, a worker waits for words of the daemon (a stop) in a request that it withdraws
// when it has something to say itself; sooner would cost each short trial a connection.
constexpr Instant listen_after(std::chrono::milliseconds lease) {
  const Instant quarter = lease / 4;
  return quarter < std::chrono::seconds(2) ? quarter : std::chrono::seconds(2);
}

// What a wall time leaves for trainings: their grace comes off it, and the time to tell the ends, a
// tenth of it and at most 5 s. 0: nothing.
Instant time_to_train(std::chrono::seconds wall_time, std::chrono::seconds grace);

// 0.1 s, doubled with each failure in a row, at most a quarter of the lease; of that between half
// and all, as jitter in [0, 1) says, so that a thousand workers do not come back at once.
// REQUIRES: failures >= 1
Instant back_off(int failures, std::chrono::milliseconds lease, double jitter);

// After a trial could not be begun here (disk full, no processes left): 5 s, doubled, at most
// 5 min.
// REQUIRES: failures >= 1
Instant begin_pause(int failures);

}  // namespace hpo::cli::worker
