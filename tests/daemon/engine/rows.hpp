// A store in memory for random walks: the rows as apply() reports them, each one's transitions,
// and what must be true of them whatever happened.
#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "tests/daemon/engine/build.hpp"

namespace hpo::engine {

// How often each transition fired: "trial waiting>running".
using Fired = std::map<std::string, int>;

inline bool brings_result(const Outcome& o) {
  return o.status == OutcomeStatus::completed || o.status == OutcomeStatus::pruned ||
         o.status == OutcomeStatus::infeasible;
}

class Rows {
 public:
  explicit Rows(Fired& fired) : fired_(fired) {}

  void write(const Study& study, const Changes& changes) {
    note("study", word(study_state_), word(study.progress.state));
    study_state_ = study.progress.state;
    if (changes.attempt) write(*changes.attempt);
    if (changes.trial) write(*changes.trial);
  }

  const std::map<int, Trial>& trials() const { return trials_; }
  const Attempt* attempt(int trial, int number) const {
    const auto found = attempts_.find({trial, number});
    return found == attempts_.end() ? nullptr : &found->second;
  }

  // What a restart would read.
  Study load(const Study& study) const {
    Study loaded{.id = study.id, .spec = study.spec, .progress = study.progress};
    for (const auto& [number, trial] : trials_) {
      if (!is_finished(trial.state)) loaded.open[number].trial = trial;
    }
    for (const auto& [key, attempt] : attempts_) {
      const auto live = loaded.open.find(key.first);
      if (live == loaded.open.end()) continue;
      live->second.attempt = attempt;  // in the order of numbers: the latest stays
      const bool is_given_up =
          attempt.state == AttemptState::lost || attempt.state == AttemptState::late;
      if (is_given_up) live->second.lost.push_back(attempt);
    }
    index(loaded);
    return loaded;
  }

  void check(const Study& study) const {
    REQUIRE(load(study) == study);  // the rows say everything: restart is load, then plan
    REQUIRE((study.open.empty() || !is_ended(study.progress.state)));
    check_jobs(study);
    check_counts(study);
    check_best(study);
    check_node_hours(study);
  }

 private:
  void note(std::string kind, std::string_view from, std::string_view to) {
    if (from != to) ++fired_[kind + " " + std::string(from) + ">" + std::string(to)];
  }

  void write(const Attempt& attempt) {
    const auto row = attempts_.find({attempt.trial, attempt.number});
    note("attempt", row == attempts_.end() ? "" : word(row->second.state), word(attempt.state));
    attempts_[{attempt.trial, attempt.number}] = attempt;
    if (attempt.state == AttemptState::running) have_run_.insert({attempt.trial, attempt.number});
  }

  void write(const Trial& trial) {
    const auto row = trials_.find(trial.number);
    if (row != trials_.end()) REQUIRE_FALSE(is_finished(row->second.state));  // I7: final is final
    note("trial", row == trials_.end() ? "" : word(row->second.state), word(trial.state));
    trials_[trial.number] = trial;
    if (is_finished(trial.state)) check_finished(trial);
  }

  // I6: a trial has the result of exactly one attempt, and none is thrown away.
  void check_finished(const Trial& trial) const {
    REQUIRE(trial.value.has_value() == (trial.state == TrialState::completed));
    REQUIRE(trial.failure.has_value() == (trial.state == TrialState::failed));
    int results = 0;
    int sources = 0;
    for (int number = 1; number <= trial.attempts; ++number) {
      const Attempt* row = attempt(trial.number, number);
      if (!row || !brings_result(row->outcome)) continue;
      ++results;
      if (row->outcome.value == trial.value) ++sources;
    }
    const bool has_none =
        trial.state == TrialState::failed || trial.state == TrialState::cancelled;
    REQUIRE((results == 0) == has_none);
    if (trial.value) REQUIRE(sources == 1);
  }

  // I3 one live attempt per trial; I10 places and attempts within their limits.
  void check_jobs(const Study& study) const {
    std::map<int, int> live_of;
    for (const auto& [key, attempt] : attempts_) {
      if (is_live(attempt.state)) REQUIRE(++live_of[key.first] == 1);
    }
    for (const auto& [trial, count] : live_of) REQUIRE(study.running.contains(trial));
    REQUIRE(static_cast<int>(study.running.size()) <= study.spec->slots());
    for (const auto& [number, trial] : trials_) {
      REQUIRE(trial.attempts <= study.spec->retry.max + 1);
    }
  }

  // I6 counted once, I10 trials within the budget and its retries.
  void check_counts(const Study& study) const {
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
  void check_node_hours(const Study& study) const {
    constexpr double ns_per_hour = 3.6e12;
    const ExecutorSpec& executor = study.spec->executor;
    double ended = 0.0;
    double live = 0.0;
    for (const auto& [key, attempt] : attempts_) {
      const Outcome& o = attempt.outcome;
      const double asked_ns = attempt.asked.time ? 1e9 * double(attempt.asked.time->count()) : 0.0;
      const bool may_have_run = have_run_.contains(key) || attempt.state == AttemptState::lost ||
                                attempt.state == AttemptState::late;
      if (is_live(attempt.state)) live += asked_ns;
      else if (o.started_ns > 0) ended += double(o.ended_ns - o.started_ns);
      else if (may_have_run) ended += asked_ns;
    }
    const double nodes = is_batch(executor.type) ? executor.batch.nodes : 0;
    const double begun = 1e-6 * nodes * double(attempts_.size());  // at most a millisecond of each
    const double spent = double(study.progress.spent_node_ms) / 3.6e6;
    REQUIRE(spent == Approx(nodes * ended / ns_per_hour).margin(begun).epsilon(1e-9));
    const auto& cap = study.spec->budget.node_hours;
    if (cap) REQUIRE(nodes * (ended + live) / ns_per_hour <= *cap + 1e-9);
  }

  void check_best(const Study& study) const {
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

  Fired& fired_;
  StudyState study_state_ = StudyState::running;
  std::map<int, Trial> trials_{};
  std::map<std::pair<int, int>, Attempt> attempts_{};
  std::set<std::pair<int, int>> have_run_{};  // seen to run, each by trial and number
};

}  // namespace hpo::engine
