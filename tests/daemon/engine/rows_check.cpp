// What must be true of the rows, whatever happened.
#include <catch2/catch.hpp>

#include <optional>

#include "tests/daemon/engine/rows.hpp"

namespace hpo::engine {
namespace {

// A training that was told to end and says so is the pruner's: its word is in the decision.
bool brings_result(const Attempt& attempt) {
  const OutcomeStatus status = attempt.outcome.status;
  const bool is_told = attempt.decision.verdict != Verdict::go_on;
  return status == OutcomeStatus::completed || status == OutcomeStatus::infeasible ||
         (status == OutcomeStatus::pruned && !is_told);
}

}  // namespace

void Rows::check(const Study& study) const {
  REQUIRE(load(study) == study);  // the rows say everything: restart is load, then plan
  REQUIRE(((study.open.empty() && study.workers.empty()) || !is_ended(study.progress.state)));
  check_workers(study);
  check_jobs(study);
  check_counts(study);
  check_best(study);
  check_node_hours(study);
}

// I6: a trial has the result of exactly one attempt, and none is thrown away, but of trials that a
// user has cancelled.
void Rows::check_finished(const Trial& trial) const {
  REQUIRE(trial.value.has_value() == (trial.state == TrialState::completed));
  REQUIRE(trial.failure.has_value() == (trial.state == TrialState::failed));
  int results = 0;
  int sources = 0;
  bool is_told = false;
  bool is_cancelled = false;
  for (int number = 1; number <= trial.attempts; ++number) {
    const Attempt* row = attempt(trial.number, number);
    is_told = is_told || (row && row->decision.verdict != Verdict::go_on);
    is_cancelled = is_cancelled || (row && row->cancelling);
    if (!row || !brings_result(*row)) continue;
    ++results;
    if (row->outcome.value == trial.value) ++sources;
  }
  const bool has_none =
      trial.state == TrialState::failed || trial.state == TrialState::cancelled;
  const bool is_by_pruner = trial.state == TrialState::pruned && is_told && results == 0;
  const bool is_by_user = trial.state == TrialState::cancelled && is_cancelled;
  REQUIRE((is_by_user || (results == 0) == (has_none || is_by_pruner)));
  if (trial.value) REQUIRE(sources == 1);
}

// I3 one live attempt per trial; I10 places and attempts within their limits.
void Rows::check_jobs(const Study& study) const {
  std::map<int, int> live_of;
  for (const auto& [key, attempt] : attempts_) {
    if (is_live(attempt.state)) REQUIRE(++live_of[key.first] == 1);
  }
  for (const auto& [trial, count] : live_of) REQUIRE(study.running.contains(trial));
  REQUIRE(static_cast<int>(study.running.size()) <= study.spec->slots());
  for (const auto& [number, trial] : trials_) {
    REQUIRE(trial.attempts - trial.resumes <= study.spec->retry.max + 1);
  }
}

// Each worker job once, none too many; three that asked for nothing are the last ones.
void Rows::check_workers(const Study& study) const {
  REQUIRE(static_cast<int>(workers_.size()) == study.progress.workers);
  REQUIRE(static_cast<int>(study.workers.size()) <= study.spec->workers);
  int in_vain = 0;
  for (const auto& [number, worker] : workers_) in_vain += !worker.has_asked;
  REQUIRE(study.progress.workers_in_vain <= in_vain);
}

// I6 counted once, I10 trials within the budget and its retries.
void Rows::check_counts(const Study& study) const {
  std::map<TrialState, int> count;
  int retries = 0;
  for (const auto& [number, trial] : trials_) {
    ++count[trial.state];
    if (trial.origin == Origin::retry) ++retries;
  }
  const Progress& p = study.progress;
  REQUIRE(p.completed == count[TrialState::completed]);
  REQUIRE(p.pruned == count[TrialState::pruned]);
  REQUIRE(p.infeasible == count[TrialState::infeasible]);
  REQUIRE(p.failed == count[TrialState::failed]);
  REQUIRE(p.cancelled == count[TrialState::cancelled]);
  REQUIRE(p.created == static_cast<int>(trials_.size()));
  REQUIRE(p.created <= study.spec->budget.trials + retries);
  REQUIRE(p.attempts == static_cast<int>(attempts_.size()));
}

// I10: counted anew from the rows, what has been used and may be used is within the budget.
void Rows::check_node_hours(const Study& study) const {
  constexpr double ns_per_hour = 3.6e12;
  const ExecutorSpec& executor = study.spec->executor;
  double ended = 0.0;
  double live = 0.0;
  const auto add = [&](const Attempt& job, const std::optional<std::chrono::seconds>& asked,
                       bool has_run) {
    const Outcome& o = job.outcome;
    const double asked_ns = asked ? 1e9 * double(asked->count()) : 0.0;
    const bool is_known = o.started_ns > 0 && o.status != OutcomeStatus::lost;
    if (is_live(job.state)) live += asked_ns;
    else if (is_known) ended += double(o.ended_ns - o.started_ns);
    else if (has_run) ended += asked_ns;
  };
  for (const auto& [key, attempt] : attempts_) {
    if (study.spec->is_pulled()) break;  // the time of their workers
    add(attempt, attempt.asked.time, have_run_.contains(key) ||
        attempt.state == AttemptState::lost || attempt.state == AttemptState::late);
  }
  for (const auto& [number, worker] : workers_) {
    add(worker.attempt, executor.time,
        workers_have_run_.contains(number) || worker.attempt.state == AttemptState::lost);
  }
  const double nodes = is_batch(executor.type) ? executor.batch.nodes : 0;
  const double jobs = double(attempts_.size() + workers_.size());
  const double begun = 1e-6 * nodes * jobs;  // at most a millisecond of each
  const double spent = double(study.progress.spent_node_ms) / 3.6e6;
  REQUIRE(spent == Approx(nodes * ended / ns_per_hour).margin(begun).epsilon(1e-9));
  const auto& cap = study.spec->budget.node_hours;
  if (cap) REQUIRE(nodes * (ended + live) / ns_per_hour <= *cap + 1e-9);
}

void Rows::check_best(const Study& study) const {
  std::map<std::int64_t, const Trial*> by_history;
  for (const auto& [number, trial] : trials_) {
    if (is_finished(trial.state)) REQUIRE(by_history.emplace(trial.history_seq, &trial).second);
  }
  const bool is_minimize = study.spec->objective.direction == Direction::minimize;
  const Trial* best = nullptr;
  for (const auto& [seq, trial] : by_history) {
    if (!trial->value) continue;
    const bool is_better =
        !best || (is_minimize ? *trial->value < *best->value : *trial->value > *best->value);
    if (is_better) best = trial;
  }
  REQUIRE(study.progress.best_trial == (best ? std::optional(best->number) : std::nullopt));
  REQUIRE(study.progress.best_value == (best ? best->value : std::nullopt));
}

}  // namespace hpo::engine
