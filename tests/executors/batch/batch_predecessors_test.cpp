// What an earlier attempt of the trial may still be, when the next one is submitted.
#include <catch2/catch.hpp>
#include <filesystem>

#include "tests/executors/batch/bench.hpp"

using namespace hpo;
using namespace std::chrono_literals;
using batch::Phase;
using test::Bench;
using List = std::vector<std::string>;

TEST_CASE("batch: an earlier job of the trial that came back ends before the next begins",
          "[predecessors]") {
  Bench bench;
  bench.world.add("5", "hpoabcd1234567a", Phase::running);
  JobRequest request = bench.request('b', 2);
  request.predecessors = {"hpoabcd1234567a"};
  const auto refused = bench.executor->submit(request);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::unavailable);
  CHECK(bench.world.cancelled == List{"5 hpoabcd1234567a"});
  CHECK(bench.world.submitted.empty());
  bench.world.jobs.front().phase = Phase::ended;
  bench.pass(30s);
  CHECK(bench.executor->submit(request));
}

TEST_CASE("batch: a runner that was given up and may live is told that its trial goes on elsewhere",
          "[predecessors]") {
  const bool has_ended = GENERATE(false, true);
  Bench bench;
  const Job earlier = bench.known('a');
  Bench::claim(earlier, earlier.name, "7");
  if (has_ended) Bench::write_exit(earlier, OutcomeStatus::failed);
  JobRequest request = bench.request('b', 2);
  request.spec.attempt = 2;
  request.predecessors = {earlier.name};
  REQUIRE(bench.executor->submit(request));
  CHECK(std::filesystem::exists(earlier.directory + "/superseded") == !has_ended);
}

TEST_CASE("batch: an earlier job that told its end is not waited for", "[predecessors]") {
  Bench bench;
  const Job earlier = bench.known('a');
  bench.world.add("7", earlier.name, Phase::running);
  bench.poll(earlier);
  Bench::write_exit(earlier, OutcomeStatus::failed);
  CHECK(bench.poll(earlier).state == JobState::ended);
  JobRequest request = bench.request('b', 2);
  request.predecessors = {earlier.name};
  CHECK(bench.executor->submit(request));
  CHECK(bench.world.cancelled.empty());
}
