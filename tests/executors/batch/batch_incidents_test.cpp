// One attempt, several jobs: submissions that were carried out twice, or came after being given up.
#include <catch2/catch.hpp>
#include <fstream>

#include "tests/executors/batch/bench.hpp"

using namespace hpo;
using namespace std::chrono_literals;
using batch::Phase;
using Catch::Contains;
using test::Bench;
using List = std::vector<std::string>;

TEST_CASE("judgement: found twice: the claim decides, what waits is withdrawn, and it is told",
          "[duplicate]") {
  Bench bench;
  const Job job = bench.known('a');
  Bench::claim(job, job.name, "9");
  bench.world.add("7", job.name, Phase::queued, "PENDING", "");
  bench.world.add("9", job.name, Phase::running);
  const JobStatus status = bench.find(job);
  CHECK(status.native_id == "9");
  CHECK(status.state == JobState::running);
  CHECK(bench.world.cancelled == List{"7 " + job.name});
  bench.poll(job);
  CHECK(bench.world.cancelled.size() == 1);
  REQUIRE(bench.world.log.size() == 1);
  CHECK_THAT(bench.world.log.front(), Contains("incident") && Contains("job 9"));
  const auto incidents = bench.executor->take_incidents();
  REQUIRE(incidents.size() == 1);
  CHECK(incidents.front().job == job.name);
  CHECK(bench.executor->take_incidents().empty());
}

TEST_CASE("judgement: found twice without a claim: the older one counts, and both stay",
          "[duplicate]") {
  Bench bench;
  const Job job = bench.known('a');
  bench.world.add("100", job.name, Phase::queued, "PENDING", "");
  bench.world.add("99", job.name, Phase::queued, "PENDING", "");
  CHECK(bench.find(job).native_id == "99");
  CHECK(bench.world.cancelled.empty());  // the other one may have begun since
  Bench::claim(job, job.name, "100");
  bench.pass(30s);
  CHECK(bench.poll(job).native_id == "100");
  CHECK(bench.world.cancelled == List{"99 " + job.name});
}

TEST_CASE("judgement: found twice: one that ended unclaimed does not speak for one that runs",
          "[duplicate]") {
  Bench bench;
  const Job job = bench.known('a');
  bench.world.add("7", job.name, Phase::ended, "CANCELLED");
  bench.world.add("9", job.name, Phase::running);
  CHECK(bench.poll_after_grace(job).state == JobState::running);
}

TEST_CASE("judgement: found twice in accounting: the claim decides there as well", "[duplicate]") {
  Bench bench;
  const Job job = bench.known('a');
  Bench::claim(job, job.name, "7");
  for (const auto& [id, state] : {std::pair("7", "TIMEOUT"), std::pair("9", "CANCELLED")}) {
    bench.world.account_end(id, job.name, state);
  }
  CHECK(bench.poll_after_grace(job).outcome->failure == FailureClass::timeout);
}

TEST_CASE("judgement: one that stepped back waits for the submission that holds the attempt",
          "[duplicate]") {
  Bench bench;
  const Job job = bench.known('b');
  Bench::claim(job, "hpoabcd1234567a", "5");
  bench.world.add("5", "hpoabcd1234567a", Phase::running);
  bench.world.add("7", job.name, Phase::ended, "COMPLETED");
  const JobStatus status = bench.poll_after_grace(job);
  CHECK(status.state == JobState::running);
  CHECK_THAT(status.detail, Contains("hpoabcd1234567a"));
  bench.world.jobs.front().phase = Phase::ended;
  bench.world.jobs.front().state = "TIMEOUT";
  bench.pass(30s);
  CHECK(bench.poll_after_grace(job).outcome->failure == FailureClass::timeout);
}

TEST_CASE("judgement: a doubt about a second submission ends with the first, not in a loss",
          "[duplicate]") {
  Bench bench;
  const Job job = bench.request('b').job;
  Bench::claim(job, "hpoabcd1234567a", "5");
  bench.world.add("5", "hpoabcd1234567a", Phase::running);
  CHECK(bench.find(job).state == JobState::running);
}

TEST_CASE("judgement: a claim of another database's attempt is none", "[duplicate]") {
  Bench bench;
  const Job job = bench.request('a').job;
  Job stranger = job;
  stranger.identity = "another";
  Bench::claim(stranger, "hpozzzz12345678", "5");
  CHECK(bench.find(job).state == JobState::absent);
}

TEST_CASE("batch: a submission that left by the claim is told once, with the end of the attempt",
          "[duplicate]") {
  Bench bench;
  const Job job = bench.known('a');
  bench.write_exit(job, OutcomeStatus::completed);
  std::ofstream(job.directory + "/duplicate.hpoother") << "n1 pid 7\n";
  CHECK(bench.poll(job).state == JobState::ended);
  CHECK(bench.poll(job).state == JobState::ended);
  const auto incidents = bench.executor->take_incidents();
  REQUIRE(incidents.size() == 1);
  CHECK(incidents.front().job == job.name);
  CHECK_THAT(incidents.front().message, Contains("hpoother"));
}

TEST_CASE("judgement: the end of a surplus job is not that of the attempt, hidden as its holder is",
          "[duplicate]") {
  Bench bench;
  const Job job = bench.known('a');
  Bench::claim(job, job.name, "9");
  bench.world.account_end("7", job.name, "COMPLETED", "n1");
  bench.poll(job);
  bench.pass(2min);
  CHECK(bench.poll(job).state == JobState::unknown);
  bench.world.account_end("9", job.name, "TIMEOUT", "n1");
  bench.pass(30s);
  CHECK(bench.poll_after_grace(job).outcome->failure == FailureClass::timeout);
}
