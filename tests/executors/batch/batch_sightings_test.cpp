// What was once shown of a job is remembered, and what tells most of it counts.
#include <catch2/catch.hpp>

#include "tests/executors/batch/bench.hpp"

using namespace hpo;
using namespace std::chrono_literals;
using batch::Phase;
using test::Bench;

TEST_CASE("sightings: an end that was listed once counts, though the scheduler forgets it",
          "[sightings]") {
  Bench bench;
  const Job job = bench.known('a');
  bench.world.add("7", job.name, Phase::ended, "TIMEOUT");
  CHECK(bench.poll(job).state == JobState::running);  // exit.json is awaited
  bench.world.jobs.clear();
  bench.pass(30s);
  CHECK(bench.poll(job).state == JobState::running);
  bench.pass(31s);
  CHECK(bench.poll(job).outcome->failure == FailureClass::timeout);
}

TEST_CASE("sightings: accounting lends its exit code to an end in the listing", "[sightings]") {
  Bench bench;
  const Job job = bench.known('a');
  bench.world.add("7", job.name, Phase::ended, "FAILED");
  bench.world.accounting.push_back({.id = "7", .name = job.name, .phase = Phase::ended,
                                    .state = "FAILED", .exit_code = 121});
  CHECK(bench.poll_after_grace(job).outcome->exit_code == 121);
}

TEST_CASE("sightings: accounting outranks the listing's silence", "[sightings]") {
  Bench bench;
  const Job job = bench.known('a');
  bench.world.account_end("7", job.name, "PREEMPTED");
  CHECK(bench.poll_after_grace(job).outcome->failure == FailureClass::preempted);
}
