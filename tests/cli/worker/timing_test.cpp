// Back-off and run times: how long a worker waits, and what it expects of a trial.
#include "cli/worker/timing.hpp"

#include <catch2/catch.hpp>

#include "cli/worker/run_times.hpp"

using namespace hpo::cli::worker;
using namespace std::chrono_literals;

TEST_CASE("the back-off doubles up to a quarter of the lease, with jitter", "[worker]") {
  CHECK(back_off(1, 120s, 0.0) == 50ms);
  CHECK(back_off(1, 120s, 1.0) == 100ms);
  CHECK(back_off(4, 120s, 1.0) == 800ms);
  CHECK(back_off(1000, 120s, 1.0) == 30s);
  CHECK(back_off(1000, 120s, 0.0) == 15s);
  CHECK(back_off(1, 100ms, 1.0) == 25ms);
}

TEST_CASE("a wall time leaves what grace and the telling of the ends do not take", "[worker]") {
  CHECK(time_to_train(100s, 30s) == 65s);
  CHECK(time_to_train(10s, 2s) == 7s);  // a tenth of a short one
  CHECK(time_to_train(34s, 30s) == 600ms);
  CHECK(time_to_train(33s, 30s) == 0s);
}

TEST_CASE("a machine in trouble pauses ever longer, five minutes at most", "[worker]") {
  CHECK(begin_pause(1) == 5s);
  CHECK(begin_pause(2) == 10s);
  CHECK(begin_pause(1000) == 5min);
}

TEST_CASE("nine of ten trials take no longer than the usual time", "[worker]") {
  RunTimes times;
  CHECK_FALSE(times.usual());
  times.add(7s);
  CHECK(times.usual() == 7s);
  for (int second = 1; second <= 9; ++second) times.add(std::chrono::seconds(second * 10));
  CHECK(times.usual() == 80s);  // of 7, 10, 20, …, 90 the ninth
}

TEST_CASE("old run times are forgotten", "[worker]") {
  RunTimes times;
  for (std::size_t i = 0; i < RunTimes::kept_max; ++i) times.add(1h);
  for (std::size_t i = 0; i < RunTimes::kept_max; ++i) times.add(1s);
  CHECK(times.usual() == 1s);
}
