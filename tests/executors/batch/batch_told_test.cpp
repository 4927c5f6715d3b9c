// What the runner calls told to end, or killed: the scheduler is asked who did it, and why.
#include <catch2/catch.hpp>
#include <csignal>
#include <utility>

#include "tests/executors/batch/bench.hpp"

using namespace hpo;
using namespace std::chrono_literals;
using batch::Phase;
using test::Bench;

namespace {

// How a training failed whose job is in this state, with such an exit.json.
std::optional<FailureClass> failure_of(const std::string& state, std::optional<int> signal,
                                       std::optional<int> exit_code = {}) {
  Bench bench;
  const Job job = bench.known('a');
  bench.world.add("7", job.name, Phase::ended, state);
  Bench::write_exit(job, OutcomeStatus::failed, signal, exit_code);
  bench.poll(job);
  bench.pass(30s);
  return bench.poll(job).outcome->failure;
}

}  // namespace

TEST_CASE("judgement: one that was told to end by others waits for the scheduler's word",
          "[cancelled]") {
  Bench bench;
  const Job job = bench.known('a');
  bench.world.add("7", job.name, Phase::running);
  bench.poll(job);
  Bench::write_exit(job, OutcomeStatus::cancelled);
  CHECK(bench.poll(job).state == JobState::running);
  bench.world.jobs.front().phase = Phase::ended;
  bench.world.jobs.front().state = "PREEMPTED";
  bench.pass(30s);
  const JobStatus status = bench.poll(job);
  REQUIRE(status.state == JobState::ended);
  CHECK(status.outcome->status == OutcomeStatus::failed);
  CHECK(status.outcome->failure == FailureClass::preempted);
}

TEST_CASE("judgement: without the scheduler's word, told to end is cancelled", "[cancelled]") {
  Bench bench;
  const Job job = bench.known('a');
  bench.world.add("7", job.name, Phase::running);
  Bench::write_exit(job, OutcomeStatus::cancelled);
  const JobStatus status = bench.poll_after_grace(job);
  REQUIRE(status.state == JobState::ended);
  CHECK(status.outcome->status == OutcomeStatus::cancelled);
  CHECK(status.outcome->message == "of the runner");
}

TEST_CASE("judgement: while nobody can be asked who told it to end, nothing is concluded",
          "[cancelled]") {
  Bench bench;
  const Job job = bench.known('a');
  bench.world.is_down = true;
  Bench::write_exit(job, OutcomeStatus::cancelled);
  CHECK(bench.poll_after_grace(job).state == JobState::running);
  bench.pass(6h);
  CHECK(bench.poll(job).state == JobState::running);
  bench.world.is_down = false;
  bench.world.add("7", job.name, Phase::ended, "CANCELLED");
  bench.pass(6min);
  CHECK(bench.poll(job).outcome->status == OutcomeStatus::cancelled);
}

TEST_CASE("judgement: one listing that lacks a job says nothing of who told it to end",
          "[cancelled]") {
  Bench bench;
  const Job job = bench.known('a');
  bench.poll(job);
  Bench::write_exit(job, OutcomeStatus::cancelled);
  bench.poll(job);
  bench.pass(30s);
  CHECK(bench.poll(job).state == JobState::running);
  bench.world.account_end("7", job.name, "PREEMPTED", "n1");
  bench.pass(31s);
  CHECK(bench.poll(job).outcome->failure == FailureClass::preempted);
}

TEST_CASE("judgement: a slow scheduler is asked once more before the wait is over", "[cancelled]") {
  Bench bench;
  const Job job = bench.known('a');
  bench.world.list_takes = 20s;  // worth 200 s, which is longer than result_grace
  bench.world.add("7", job.name, Phase::running);
  bench.poll(job);
  Bench::write_exit(job, OutcomeStatus::cancelled);
  bench.poll(job);
  bench.world.jobs.front().phase = Phase::ended;
  bench.world.jobs.front().state = "TIMEOUT";
  bench.pass(61s);
  CHECK(bench.poll(job).outcome->failure == FailureClass::timeout);
}

TEST_CASE("judgement: accounting says why, when the listing has forgotten", "[cancelled]") {
  Bench bench;
  const Job job = bench.known('a');
  bench.world.account_end("7", job.name, "PREEMPTED");
  Bench::write_exit(job, OutcomeStatus::cancelled);
  bench.poll(job);
  bench.pass(30s);
  CHECK(bench.poll(job).outcome->failure == FailureClass::preempted);
}

TEST_CASE("judgement: our own cancel is told at once", "[cancelled]") {
  Bench bench;
  const Job job = bench.known('a');
  bench.world.add("7", job.name, Phase::running);
  REQUIRE(bench.executor->cancel({&job, 1}));
  Bench::write_exit(job, OutcomeStatus::cancelled);
  CHECK(bench.poll(job).outcome->status == OutcomeStatus::cancelled);
}

TEST_CASE("judgement: a training that was killed may have been told to end as well",
          "[cancelled]") {
  const auto [signal, state, failure] = GENERATE(table<int, std::string, FailureClass>({
      {SIGKILL, "PREEMPTED", FailureClass::preempted}, {SIGTERM, "TIMEOUT", FailureClass::timeout},
      {SIGKILL, "COMPLETED", FailureClass::signal}, {SIGSEGV, "TIMEOUT", FailureClass::signal}}));
  CHECK(failure_of(state, signal) == failure);
}

TEST_CASE("judgement: a script that passes on the signal of what it ran may have been told as well",
          "[cancelled]") {
  const auto [code, state, failure] = GENERATE(table<int, std::string, FailureClass>({
      {128 + SIGTERM, "PREEMPTED", FailureClass::preempted},
      {128 + SIGKILL, "TIMEOUT", FailureClass::timeout},
      {128 + SIGTERM, "FAILED", FailureClass::exit_code},
      {1, "PREEMPTED", FailureClass::exit_code}}));
  CHECK(failure_of(state, std::nullopt, code) == failure);
}

TEST_CASE("judgement: a training that our own cancel killed is cancelled, not failed",
          "[cancelled]") {
  Bench bench;
  const Job job = bench.known('a');
  bench.world.add("7", job.name, Phase::running);
  REQUIRE(bench.executor->cancel({&job, 1}));
  Bench::write_exit(job, OutcomeStatus::failed, SIGTERM);
  const JobStatus status = bench.poll(job);
  REQUIRE(status.state == JobState::ended);
  CHECK(status.outcome->status == OutcomeStatus::cancelled);
  CHECK_FALSE(status.outcome->failure);
}

TEST_CASE("judgement: a job that our own cancel ended without exit.json is cancelled, not failed",
          "[cancelled]") {
  Bench bench;
  const Job job = bench.known('a');
  batch::Sighting& seen = bench.world.add("7", job.name, Phase::running);
  REQUIRE(bench.executor->cancel({&job, 1}));
  seen.phase = Phase::ended;
  seen.state = GENERATE("CANCELLED", "FAILED", "TIMEOUT");
  bench.pass(30s);
  CHECK(bench.poll(job).state == JobState::running);  // exit.json may be on its way
  bench.pass(2min);
  const JobStatus status = bench.poll(job);
  REQUIRE(status.state == JobState::ended);
  CHECK(status.outcome->status == OutcomeStatus::cancelled);
  CHECK_FALSE(status.outcome->failure);
}

TEST_CASE("judgement: many that were told to end at once are one question to accounting",
          "[cancelled]") {
  Bench bench;
  std::vector<Job> jobs;
  for (const char letter : {'a', 'b', 'c'}) {
    const std::string id(1, letter);
    jobs.push_back(bench.known(letter, id, letter - 'a' + 1));
    bench.world.add(id, jobs.back().name, Phase::ended, "PREEMPTED");
    Bench::write_exit(jobs.back(), OutcomeStatus::cancelled);
  }
  REQUIRE(bench.executor->poll(jobs));
  bench.pass(30s);
  const auto statuses = bench.executor->poll(jobs);
  REQUIRE(statuses);
  for (const JobStatus& each : *statuses) {
    CHECK(each.outcome->failure == FailureClass::preempted);
  }
  REQUIRE(bench.world.accounted.size() == 1);
  CHECK(bench.world.accounted.front().size() == jobs.size());
}

TEST_CASE("judgement: what we told to end is over when the scheduler denies it", "[cancelled]") {
  Bench bench;
  Job job = bench.known('a');
  const bool has_claim = GENERATE(true, false);
  job.has_result = GENERATE(true, false);
  bench.world.add("7", job.name, Phase::running, "RUNNING");
  bench.poll(job);
  if (has_claim) Bench::claim(job, job.name, "7");
  REQUIRE(bench.executor->cancel({&job, 1}));
  bench.world.jobs.clear();  // before anybody has seen its end
  bench.pass(30s);
  JobStatus status = bench.poll(job);
  if (job.has_result) {
    CHECK(status.state == JobState::running);
    CHECK(status.detail == "the job is over, and its result is waited for: network file systems "
                           "show files late");
    bench.pass(61s);
    status = bench.poll(job);
  }
  REQUIRE(status.state == JobState::ended);
  CHECK(status.outcome->status == OutcomeStatus::cancelled);
  CHECK(status.outcome->message == "cancelled; the scheduler has it no more");
}

TEST_CASE("judgement: what we told to end is waited for as long as it is not denied",
          "[cancelled]") {
  Bench bench;
  Job job = bench.known('a');
  job.has_result = false;
  bench.world.add("7", job.name, Phase::running);
  REQUIRE(bench.executor->cancel({&job, 1}));
  bench.world.hidden = std::exchange(bench.world.jobs, {});
  SECTION("it is there, and no listing shows it") {
    bench.pass(30s);
    CHECK(bench.poll(job).state == JobState::running);
    bench.world.hidden.clear();
    CHECK(bench.poll(job).state == JobState::unknown);  // asked once after each listing
    CHECK(bench.world.looked_up.size() == 1);
    bench.pass(30s);
    CHECK(bench.poll(job).state == JobState::ended);
  }
  SECTION("nobody answers") {
    bench.world.is_mute = true;
    for (int i = 0; i < 10; ++i, bench.pass(30s)) CHECK(bench.poll(job).state != JobState::ended);
  }
}

TEST_CASE("judgement: one that nobody told to end is not given up by a question", "[cancelled]") {
  Bench bench;
  const Job job = bench.known('a');
  for (int i = 0; i < 10; ++i, bench.pass(30s)) bench.poll(job);
  CHECK(bench.world.looked_up.empty());
}

TEST_CASE("judgement: of a worker that we told to end no exit.json is awaited", "[cancelled]") {
  Bench bench;
  Job job = bench.known('a');
  job.has_result = GENERATE(true, false);
  bench.world.add("7", job.name, Phase::running);
  REQUIRE(bench.executor->cancel({&job, 1}));
  bench.world.jobs.front().phase = Phase::ended;
  bench.world.jobs.front().state = "CANCELLED";
  bench.pass(30s);
  CHECK(bench.poll(job).state == (job.has_result ? JobState::running : JobState::ended));
}
