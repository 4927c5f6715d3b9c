// What is concluded about a job from its files, the listing and accounting: who is believed.
#include <catch2/catch.hpp>

#include "tests/executors/batch/bench.hpp"

using namespace hpo;
using namespace std::chrono_literals;
using batch::Phase;
using Catch::Contains;
using test::Bench;
using List = std::vector<std::string>;

namespace {

// As the daemon does it, until something is concluded.
JobStatus poll_for(Bench& bench, const Job& job, std::chrono::seconds time) {
  JobStatus status;
  for (auto passed = 0s; passed <= time; passed += 30s, bench.pass(30s)) status = bench.poll(job);
  return status;
}

}  // namespace

TEST_CASE("judgement: phases of the listing are states, with the reason of a wait", "[judgement]") {
  Bench bench;
  const Job job = bench.known('a');
  const auto [phase, state] = GENERATE(table<Phase, JobState>({
      {Phase::queued, JobState::queued}, {Phase::held, JobState::queued},
      {Phase::running, JobState::running}, {Phase::completing, JobState::running},
      {Phase::unknown, JobState::unknown}}));
  bench.world.add("7", job.name, phase, "WORD").reason = "Priority";
  const JobStatus status = bench.poll(job);
  CHECK(status.state == state);
  CHECK(status.native_id == "7");
  if (state == JobState::queued) CHECK(status.detail == "waits: Priority");
  if (state == JobState::unknown) CHECK_THAT(status.detail, Contains("WORD"));
}

TEST_CASE("judgement: exit.json outranks listing and accounting, and needs neither",
          "[judgement]") {
  Bench bench;
  const Job job = bench.known('a');
  bench.world.add("7", job.name, Phase::ended, "TIMEOUT");
  bench.world.account_end("7", job.name, "CANCELLED");
  Bench::write_exit(job, OutcomeStatus::completed);
  const JobStatus status = bench.poll(job);
  REQUIRE(status.state == JobState::ended);
  CHECK(status.outcome->value == 0.5);
  CHECK(status.native_id == "7");
  CHECK(bench.world.listings == 0);
  bench.world.is_down = true;
  CHECK(bench.find(job).outcome == status.outcome);
}

TEST_CASE("judgement: a torn exit.json is no end, and is looked at again", "[judgement]") {
  Bench bench;
  const Job job = bench.known('a');
  bench.world.add("7", job.name, Phase::running);
  test::write(job.directory + "/exit.json", "{\"job\":");
  CHECK(bench.poll(job).state == JobState::running);
  Bench::write_exit(job, OutcomeStatus::completed);
  CHECK(bench.poll(job).state == JobState::ended);
}

TEST_CASE("judgement: an end without exit.json is told after result_grace, with the log's end",
          "[judgement]") {
  Bench bench;
  const Job job = bench.known('a');
  bench.world.add("7", job.name, Phase::ended, "TIMEOUT").start_s = 5;
  test::write(job.directory + "/job.log", "job.sh: this node has no command 'module'\n");
  Bench::claim(job, job.name, "7");
  CHECK(bench.poll(job).state == JobState::running);
  bench.pass(59s);
  CHECK(bench.poll(job).state == JobState::running);
  bench.pass(2s);
  const JobStatus status = bench.poll(job);
  REQUIRE(status.state == JobState::ended);
  CHECK(status.outcome->failure == FailureClass::timeout);
  CHECK_THAT(status.outcome->message, Contains("TIMEOUT, claimed") && Contains("no command"));
  CHECK(status.outcome->started_ns == 5'000'000'000);
}

TEST_CASE("judgement: a job that never had a node has not begun", "[judgement]") {
  Bench bench;
  const Job job = bench.known('a');
  bench.world.add("7", job.name, Phase::ended, "CANCELLED", "").start_s = 1'700'000'000;
  CHECK(bench.poll(job).outcome->started_ns == 0);
}

TEST_CASE("judgement: exit.json that comes within result_grace counts", "[judgement]") {
  Bench bench;
  const Job job = bench.known('a');
  bench.world.add("7", job.name, Phase::ended, "COMPLETED");
  bench.poll(job);
  bench.pass(30s);
  Bench::write_exit(job, OutcomeStatus::completed);
  CHECK(bench.poll(job).outcome->value == 0.5);
}

TEST_CASE("judgement: absence in one listing proves nothing", "[absence]") {
  Bench bench;
  const Job job = bench.known('a');
  CHECK(bench.poll(job).state == JobState::unknown);
  for (int i = 0; i < 1000; ++i) bench.poll(job);
  bench.pass(20s);
  CHECK(bench.poll(job).state == JobState::unknown);
  bench.world.add("7", job.name, Phase::running);
  bench.pass(30s);
  CHECK(bench.poll(job).state == JobState::running);
}

TEST_CASE("judgement: a job that no listing shows for lost_after is told to end, and gone",
          "[absence]") {
  Bench bench;
  const Job job = bench.known('a');
  test::write(job.directory + "/job.log", "slurmstepd: error\n");
  CHECK(poll_for(bench, job, 9min + 30s).state == JobState::unknown);
  CHECK(bench.world.cancelled.empty());
  const JobStatus status = bench.poll(job);
  CHECK(status.state == JobState::gone);
  CHECK_THAT(status.detail, Contains("10 min") && Contains("slurmstepd"));
  CHECK(bench.world.cancelled == List{"7 " + job.name});
  CHECK(bench.poll(job).state == JobState::gone);
}

TEST_CASE("judgement: a job that listings hide is not given up while a question by id finds it",
          "[absence]") {
  Bench bench;
  const Job job = bench.known('a');
  bench.world.add("7", job.name, GENERATE(Phase::running, Phase::queued));
  bench.world.hidden = std::exchange(bench.world.jobs, {});
  for (int i = 0; i < 100; ++i, bench.pass(30s)) REQUIRE(bench.poll(job).state != JobState::gone);
  CHECK(*bench.poll(job).missing < 10min);  // counted anew since it was found
  CHECK(bench.world.cancelled.empty());
  CHECK(bench.world.looked_up.size() == 4);  // once in each lost_after of 50 min
  bench.world.hidden.clear();
  CHECK(poll_for(bench, job, 11min).state == JobState::gone);
}

TEST_CASE("judgement: what is said of a missing job is true where there is no accounting",
          "[absence]") {
  Bench bench;
  bench.world.keeps_accounting = GENERATE(true, false);
  const Job job = bench.known('a');
  CHECK(bench.poll(job).detail == "the scheduler has not shown it");
  bench.pass(40s);
  CHECK(bench.poll(job).detail == "the scheduler has not shown it for 40 s");
  const JobStatus status = poll_for(bench, job, 10min);
  REQUIRE(status.state == JobState::gone);
  CHECK_THAT(status.detail, Contains(bench.world.keeps_accounting ? "accounting tells of no end"
                                                                  : "keeps no accounting"));
}

TEST_CASE("judgement: three listings are needed, however long they took to come", "[absence]") {
  Bench bench;
  const Job job = bench.known('a');
  bench.poll(job);
  bench.world.is_down = true;
  bench.pass(1h);
  const JobStatus down = bench.poll(job);
  CHECK(down.state == JobState::unknown);
  CHECK(down.detail == "it is down");
  bench.world.is_down = false;
  bench.pass(1h);
  CHECK(bench.poll(job).state == JobState::unknown);
  bench.pass(30s);
  CHECK(bench.poll(job).state == JobState::gone);
}

TEST_CASE("judgement: one listing that shows it begins the count anew", "[absence]") {
  Bench bench;
  const Job job = bench.known('a');
  poll_for(bench, job, 9min);
  bench.world.add("7", job.name, Phase::running);
  CHECK(bench.poll(job).state == JobState::running);
  bench.world.jobs.clear();
  CHECK(poll_for(bench, job, 9min).state == JobState::unknown);
}

TEST_CASE("judgement: for how long earlier lives have missed a job counts, until it is shown",
          "[absence]") {
  Bench bench;
  Job job = bench.known('a');
  job.missing = 9min;
  CHECK(poll_for(bench, job, 30s).missing == 9min + 30s);
  SECTION("three listings are needed in this life, too") {
    CHECK(bench.poll(job).state == JobState::gone);
  }
  SECTION("it is shown") {
    bench.world.add("7", job.name, Phase::running);
    CHECK(bench.poll(job).missing == 0s);
    bench.world.jobs.clear();
    bench.pass(30s);
    CHECK(poll_for(bench, job, 9min).missing == 9min);
  }
}

TEST_CASE("judgement: a job that was submitted after the last listing is not missed by it",
          "[absence]") {
  Bench bench;
  bench.poll(bench.known('z'));
  bench.world.accounted.clear();
  bench.pass(5s);
  const Job job = bench.submitted('a');
  CHECK(bench.poll(job).state == JobState::queued);
  CHECK(bench.world.listings == 1);
  CHECK(bench.world.accounted.empty());
}

TEST_CASE("judgement: many missing jobs are one question to accounting for each listing",
          "[absence]") {
  Bench bench;
  std::vector<Job> jobs;
  for (const char letter : {'a', 'b', 'c'}) jobs.push_back(bench.known(letter));
  for (int i = 0; i < 10; ++i) REQUIRE(bench.executor->poll(jobs));
  CHECK(bench.world.accounted.size() == 1);
  CHECK(bench.world.accounted.front().size() == 3);
  bench.pass(30s);
  REQUIRE(bench.executor->poll(jobs));
  CHECK(bench.world.accounted.size() == 2);
  CHECK(bench.world.listings == 2);
}

TEST_CASE("judgement: a restart forgets nothing that matters", "[judgement]") {
  Bench bench;
  const Job running = bench.submitted('a');
  const Job ended = bench.submitted('b', 2);
  bench.world.jobs[0].phase = Phase::running;
  Bench::write_exit(ended, OutcomeStatus::completed);
  bench.restart();
  const std::vector<Job> jobs{running, ended, bench.request('c', 3).job};
  const auto statuses = bench.executor->poll(jobs);
  REQUIRE(statuses);
  CHECK((*statuses)[0].state == JobState::running);
  CHECK((*statuses)[1].outcome->value == 0.5);
  CHECK((*statuses)[2].state == JobState::absent);
  CHECK(bench.world.listings == 1);
}

TEST_CASE("judgement: one that could never start is cancelled after half an hour", "[stuck]") {
  Bench bench;
  const Job job = bench.known('a');
  bench.world.add("7", job.name, Phase::queued, "PENDING", "").reason = "Never";
  CHECK(poll_for(bench, job, 29min).state == JobState::queued);
  CHECK(bench.world.cancelled.empty());
  const JobStatus status = poll_for(bench, job, 30s);
  REQUIRE(status.state == JobState::ended);
  CHECK(status.outcome->failure == FailureClass::rejected);
  CHECK_THAT(status.outcome->message, Contains("waits: Never"));
  CHECK(bench.world.cancelled.front() == "7 " + job.name);
}

TEST_CASE("judgement: a held job is a person's to release, and never given up", "[stuck]") {
  Bench bench;
  const Job job = bench.known('a');
  bench.world.add("7", job.name, Phase::held, "PENDING", "").reason = "Never";
  CHECK(poll_for(bench, job, 2h).state == JobState::queued);
  CHECK(bench.world.cancelled.empty());
}

TEST_CASE("judgement: a wait that can end in between begins the half hour anew", "[stuck]") {
  Bench bench;
  const Job job = bench.known('a');
  auto& seen = bench.world.add("7", job.name, Phase::queued, "PENDING", "");
  seen.reason = "Never";
  poll_for(bench, job, 29min);
  seen.reason = "Priority";
  bench.poll(job);
  seen.reason = "Never";
  CHECK(poll_for(bench, job, 29min).state == JobState::queued);
}
