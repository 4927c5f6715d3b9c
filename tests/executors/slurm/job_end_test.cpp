// What an end without exit.json means.
#include <catch2/catch.hpp>

#include "executors/slurm/job_end.hpp"

using namespace hpo;
using namespace hpo::slurm;

namespace {

bool says(const Outcome& outcome, const std::string& part) {
  return outcome.message.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("slurm ends: each state has its failure class and a sentence to act on", "[slurm]") {
  struct Row {
    JobEnd end{};
    FailureClass failure = FailureClass::infrastructure;
    std::string sentence{};
  };
  const Row row = GENERATE(values<Row>({
      {{.state = "OUT_OF_MEMORY"}, FailureClass::out_of_memory, "\"memory\""},
      {{.state = "FAILED", .reason = "OutOfMemory"}, FailureClass::out_of_memory, "\"memory\""},
      {{.state = "FAILED", .signal = 125}, FailureClass::out_of_memory, "\"memory\""},
      {{.state = "TIMEOUT"}, FailureClass::timeout, "\"time\""},
      {{.state = "DEADLINE"}, FailureClass::timeout, "--deadline"},
      {{.state = "NODE_FAIL", .node_list = "n3"}, FailureClass::node_fail, "node n3 failed"},
      {{.state = "BOOT_FAIL"}, FailureClass::node_fail, "did not boot"},
      {{.state = "PREEMPTED"}, FailureClass::preempted, "higher priority"},
      {{.state = "LAUNCH_FAILED"}, FailureClass::infrastructure, "LAUNCH_FAILED"},
      {{.state = "RECONFIG_FAIL"}, FailureClass::infrastructure, "RECONFIG_FAIL"},
      {{.state = "FAILED", .exit_code = 0, .signal = 53}, FailureClass::infrastructure,
       "shares HPO_STATE_DIR"},
      {{.state = "FAILED", .reason = "JobLaunchFailure"}, FailureClass::infrastructure,
       "shares HPO_STATE_DIR"},
      {{.state = "FAILED", .reason = "JobLaunchFailure", .has_claimed = true},
       FailureClass::signal, "Somebody killed it"},
      {{.state = "FAILED", .signal = 9}, FailureClass::signal, "signal 9"},
      {{.state = "FAILED", .exit_code = 1}, FailureClass::infrastructure, "directory"},
      {{.state = "FAILED", .exit_code = 121}, FailureClass::infrastructure, "printed why"},
      {{.state = "FAILED", .exit_code = 127}, FailureClass::infrastructure, "start hpo"},
      {{.state = "FAILED", .exit_code = 2}, FailureClass::infrastructure, "exit code 2"},
      {{.state = "FAILED"}, FailureClass::infrastructure, "the job failed and its runner"},
      {{.state = "COMPLETED"}, FailureClass::infrastructure, "never took the attempt"},
      {{.state = "COMPLETED", .has_claimed = true}, FailureClass::infrastructure, "disk"},
      {{.state = "COMPLETED", .has_claimed = true, .has_left = true},
       FailureClass::infrastructure, "claimed by another job"},
      {{.state = "COMPLETED", .has_begun = true, .has_setup = true}, FailureClass::spawn_failed,
       "'exec'"},
      {{.state = "FAILED", .exit_code = 1, .has_begun = true, .has_setup = true},
       FailureClass::infrastructure, "begins with 'exec'"},
      {{.state = "COMPLETED", .has_begun = true, .has_claimed = true, .has_setup = true},
       FailureClass::infrastructure, "disk"}}));
  INFO(row.end.state << " " << row.sentence);
  const Outcome outcome = outcome_of(row.end);
  CHECK(outcome.status == OutcomeStatus::failed);
  CHECK(outcome.failure == row.failure);
  INFO(outcome.message);
  CHECK(says(outcome, row.sentence));
}

TEST_CASE("slurm ends: a cancelled job says by whom", "[slurm]") {
  const auto [state, whom] = GENERATE(table<std::string, std::string>({
      {"CANCELLED", "in Slurm."}, {"CANCELLED by 1001", "by its user"},
      {"CANCELLED by 0", "administrators"}, {"CANCELLED by 77", "uid 77"}}));
  const bool has_claimed = GENERATE(false, true);  // while it waited, or while it ran
  const Outcome outcome = outcome_of({.state = state, .node_list = has_claimed ? "n1" : "",
                                      .has_claimed = has_claimed, .user_id = "1001"});
  CHECK(outcome.status == OutcomeStatus::cancelled);
  CHECK(outcome.failure == std::nullopt);
  CHECK(says(outcome, whom));
}

TEST_CASE("slurm ends: cancelled on a node before anything began is the node's fault", "[slurm]") {
  const std::string state = GENERATE("CANCELLED", "CANCELLED by 0", "CANCELLED by 64030");
  const JobEnd end{.state = state, .node_list = "n1", .user_id = "1001"};
  CHECK(outcome_of(end).failure == FailureClass::infrastructure);
  CHECK(says(outcome_of(end), "before its script began; Slurm says " + state + ", and no reason"));
  const JobEnd begun{.state = state, .reason = "NodeDown", .node_list = "n1", .has_begun = true};
  CHECK(says(outcome_of(begun), "before its runner began; Slurm says " + state +
                                    ", reason NodeDown"));
  const JobEnd prolog{.state = state, .node_list = "n1", .has_begun = true,
                      .printed = "Error running slurm prolog: 1\n"};
  CHECK(says(outcome_of(prolog), "before its script began"));
  CHECK(says(outcome_of(prolog), "the site's prolog failed there"));
  CHECK_FALSE(says(outcome_of(begun), "prolog"));
  const JobEnd by_user{.state = "CANCELLED by 1001", .node_list = "n1", .user_id = "1001"};
  CHECK(outcome_of(by_user).status == OutcomeStatus::cancelled);
}

TEST_CASE("slurm ends: a job that slurmstepd killed for its memory is known by what that printed",
          "[slurm]") {
  const std::string state = GENERATE("FAILED", "CANCELLED");
  const JobEnd end{.state = state, .signal = 9, .node_list = "n1", .has_claimed = true,
                   .printed = "slurmstepd: error: Job 7 exceeded memory limit (2 > 1), being "
                              "killed\n"};
  CHECK(outcome_of(end).failure == FailureClass::out_of_memory);
}

TEST_CASE("slurm ends: a state that says why outranks what a step once printed", "[slurm]") {
  const JobEnd end{.state = "PREEMPTED", .node_list = "n1", .has_claimed = true,
                   .printed = "slurmstepd: error: Detected 1 oom-kill event(s) in StepId=7.0\n"};
  CHECK(outcome_of(end).failure == FailureClass::preempted);
}

TEST_CASE("slurm ends: times and codes are kept, and without a node nothing has begun", "[slurm]") {
  const Outcome pending = outcome_of({.state = "DEADLINE", .start_s = 7, .end_s = 8});
  CHECK(pending.started_ns == 0);
  const Outcome outcome = outcome_of({.state = "FAILED", .exit_code = 3, .node_list = "n1",
                                      .start_s = 7, .end_s = 8});
  CHECK(outcome.exit_code == 3);
  CHECK(outcome.started_ns == 7'000'000'000);
  CHECK(outcome.ended_ns == 8'000'000'000);
}

TEST_CASE("slurm ends: a dependency that failed is named", "[slurm]") {
  CHECK(says(outcome_of({.state = "CANCELLED", .reason = "DependencyNeverSatisfied"}), "depended"));
}
