// One random life of a study: what the plan asks for, what the world answers, what users do, and,
// on request, events that cannot have happened. After each step the rows are checked.
#pragma once

#include <chrono>
#include <random>
#include <set>

#include "tests/daemon/engine/rows.hpp"

namespace hpo::engine {

inline constexpr std::chrono::minutes job_time{30};  // of studies on a batch system

inline StudySpec random_spec(std::mt19937_64& bits) {
  StudySpec spec = spec_of(3 + static_cast<int>(bits() % 12), 1 + static_cast<int>(bits() % 4));
  spec.budget.max_failures = static_cast<int>(bits() % 6);
  if (bits() % 3 == 0) spec.budget.patience = 1 + static_cast<int>(bits() % 4);
  if (bits() % 4 == 0) spec.budget.time = std::chrono::seconds(1 + bits() % 20);
  spec.retry.max = static_cast<int>(bits() % 4);
  if (bits() % 2 == 0) spec.retry.on.push_back(FailureClass::rejected);
  if (bits() % 3 == 0) {
    spec.executor = {.type = "slurm", .time = job_time,
                     .batch = {.nodes = 2, .memory_bytes = 1 << 20U}};
    if (bits() % 2 == 0) spec.budget.node_hours = static_cast<double>(2 + bits() % 20);
    spec.retry.on.push_back(FailureClass::timeout);
    spec.retry.scale.time = 1.0 + static_cast<double>(bits() % 3);
  }
  spec.objective.direction = bits() % 2 == 0 ? Direction::minimize : Direction::maximize;
  return spec;
}

inline constexpr int steps_max = 2000;  // far more than any of these studies needs to end

class Walk {
 public:
  Walk(std::uint64_t seed, Fired& fired)
      : bits_(seed), fired_(fired), rows_(fired), study_(study_of(random_spec(bits_))),
        is_broken_(bits_() % 8 == 0) {
    must(StudyCreated{});
  }

  // One step of a life in which everybody keeps to the rules: all must be accepted.
  void live() {
    const auto actions = plan(study_);
    if (!actions.empty() && chance(60)) return carry_out(any_of(actions));
    if (chance(60)) return job_news();
    if (chance(30)) return user_acts();
    if (chance(10)) must(TimePassed{});
  }

  // Any event at all: refused with the state unchanged, or one of the legal ones.
  void try_anything() { tell(anything(), false); }

  // Everybody behaves; the study must come to its end.
  void finish() {
    for (int steps = 0; !is_ended(study_.progress.state); ++steps) {
      REQUIRE(steps < steps_max);
      const auto actions = plan(study_);
      if (study_.progress.state == StudyState::paused) must(StudyResumed{});
      else if (!actions.empty() && chance(50)) carry_out(any_of(actions));
      else job_news();
    }
    REQUIRE(plan(study_).empty());
  }

 private:
  int below(std::size_t n) { return static_cast<int>(bits_() % n); }
  template <class T>
  const T& any_of(const std::vector<T>& list) { return list[bits_() % list.size()]; }
  bool chance(int percent) { return below(100) < percent; }
  std::string new_job() { return "job" + std::to_string(++jobs_); }

  void must(Body body) { tell(std::move(body), true); }

  void tell(Body body, bool is_legal) {
    const Study before = study_;
    const auto kind = event_kinds[body.index()];
    const Event event{.at_ns = ++clock_, .elapsed_ns = below(200'000'000),
                      .history_seq = clock_, .body = std::move(body)};
    const auto changes = apply(study_, event);
    INFO(kind << " of step " << clock_ << ": " << (changes ? "" : changes.error().what));
    if (!changes) {
      REQUIRE_FALSE(is_legal);
      REQUIRE(study_ == before);
      ++fired_["refused " + std::string(kind)];
      return;
    }
    ++fired_["event " + std::string(kind)];
    rows_.write(study_, *changes);
    rows_.check(study_);
    REQUIRE(due(study_) == due(rows_.load(study_)));
  }

  void carry_out(const Action& action) {
    std::visit([this](const auto& a) { carry(a); }, action);
  }
  void carry(const Ask& a) {
    REQUIRE(a.first_number == study_.progress.created);
    if (chance(3)) return must(SpaceExhausted{});
    for (int i = 0; i < a.count; ++i) must(TrialCreated{.trial = a.first_number + i});
  }
  void carry(const Start& a) {
    must(AttemptSubmitting{.trial = a.trial, .attempt = a.attempt, .job = new_job()});
  }
  void carry(const Locate& a) { submission_news(study_.open.at(a.trial)); }
  void carry(const Cancel& a) {
    must(AttemptEnded{a.trial, a.attempt, chance(70) ? cancelled() : any_outcome()});
  }
  void carry(const Drop& a) { must(TrialCancelled{a.trial}); }
  void carry(const Pause& a) {
    ++fired_["pause " + std::string(word(a.reason))];
    must(StudyPaused{a.reason, a.detail});
  }
  void carry(const End& a) {
    ++fired_["end " + std::string(word(a.reason))];
    must(StudyEnded{a.state, a.reason});
  }

  // Of some the time is known; none takes longer than it asked for.
  Outcome any_outcome() {
    Outcome outcome = any_end();
    if (chance(30)) return outcome;
    outcome.started_ns = 1 + below(1000);
    const auto time_ns = static_cast<std::size_t>(std::chrono::nanoseconds(job_time).count());
    outcome.ended_ns = outcome.started_ns + static_cast<std::int64_t>(bits_() % time_ns);
    return outcome;
  }

  // Each value occurs once, so that a trial's value tells which attempt it came from.
  Outcome any_end() {
    if (is_broken_ && chance(90)) return exited(1);
    switch (below(10)) {
      case 0: return exited(1 + below(2));
      case 1: return exited(75);
      case 2: return lost();
      case 3: return cancelled();
      case 4: return {.status = OutcomeStatus::pruned};
      case 5: return {.status = OutcomeStatus::infeasible};
      case 6: return failed(static_cast<FailureClass>(below(words<FailureClass>.size())));
      default: return completed(static_cast<double>(bits_() >> 12));
    }
  }

  void submission_news(const LiveTrial& live) {
    const Attempt a = *live.attempt;
    if (a.cancelling && chance(30)) return must(AttemptEnded{a.trial, a.number, cancelled()});
    switch (below(8)) {
      case 0: return must(AttemptRejected{a.trial, a.number});
      case 1: return must(AttemptAbsent{a.trial, a.number, ""});
      case 2: return must(AttemptEnded{a.trial, a.number, any_outcome()});
      case 3:
        if (a.state == AttemptState::submitting) must(AttemptUnknown{a.trial, a.number});
        return;
      default: return must(AttemptSubmitted{a.trial, a.number, a.job, "id", chance(50)});
    }
  }

  void job_news() {
    if (study_.open.empty()) return;
    const LiveTrial& live = std::next(study_.open.begin(), below(study_.open.size()))->second;
    if (!live.lost.empty() && live.lost.front().state == AttemptState::lost && chance(40)) {
      return must(AttemptEnded{live.trial.number, live.lost.front().number, any_outcome()});
    }
    if (!live.attempt || !is_live(live.attempt->state)) return;
    const Attempt a = *live.attempt;
    if (a.native_id.empty()) return submission_news(live);
    if (a.state == AttemptState::submitted && chance(60)) {
      return must(AttemptRunning{a.trial, a.number});
    }
    must(AttemptEnded{a.trial, a.number, any_outcome()});
  }

  void user_acts() {
    if (is_ended(study_.progress.state)) return retry();
    switch (below(12)) {
      case 0: return must(StudyCancelling{});
      case 1:
      case 2: return cancel_trial();
      case 3: return retry();
      case 4: return enqueue();
      default: return toggle_pause();
    }
  }

  void toggle_pause() {
    if (study_.progress.state == StudyState::running) must(StudyPaused{});
    else if (study_.progress.state == StudyState::paused) must(StudyResumed{});
  }

  void enqueue() {
    const bool has_budget = study_.progress.created < study_.trials_total();
    if (!has_budget || study_.progress.state == StudyState::cancelling) return;
    must(TrialCreated{.trial = study_.progress.created, .origin = Origin::enqueued});
  }

  void cancel_trial() {
    if (study_.open.empty()) return;
    const auto& [number, live] = *std::next(study_.open.begin(), below(study_.open.size()));
    const bool has_job = live.attempt && is_live(live.attempt->state);
    must(has_job ? Body(TrialCancelling{number}) : Body(TrialCancelled{number}));
  }

  // Each failed trial once, so that walks end.
  void retry() {
    if (study_.progress.state == StudyState::cancelling) return;
    for (const auto& [number, trial] : rows_.trials()) {
      if (trial.state != TrialState::failed || !retried_.insert(number).second) continue;
      if (is_ended(study_.progress.state)) must(StudyReopened{});
      return must(TrialCreated{.trial = study_.progress.created, .origin = Origin::retry,
                               .retry_of = number});
    }
  }

  Body anything() {
    const int trial = below(static_cast<std::size_t>(study_.progress.created) + 2) - 1;
    const int attempt = below(4);
    const Attempt* row = rows_.attempt(trial, attempt);
    const std::string job = row && chance(80) ? row->job : "nobody";
    const auto state = static_cast<StudyState>(below(words<StudyState>.size()));
    const auto origin = static_cast<Origin>(below(words<Origin>.size()));
    const Values values = chance(80) ? Values{} : Values{1.0};
    const auto repeated = chance(50) ? std::optional(trial) : std::nullopt;
    Outcome outcome = any_outcome();
    if (chance(20)) outcome.value.reset(), outcome.failure.reset();
    const std::vector<Body> of_studies = {
        StudyCreated{}, StudyPaused{}, StudyResumed{}, StudyReopened{}, StudyCancelling{},
        StudyEnded{state, StudyReason::user}, SpaceExhausted{}, TimePassed{}};
    const std::vector<Body> of_trials = {
        TrialCreated{trial, values, origin, repeated, {}}, TrialCancelling{trial},
        TrialCancelled{trial}, AttemptSubmitting{trial, attempt, new_job(), 0, {}},
        AttemptSubmitted{trial, attempt, job, "id", chance(50)}, AttemptRejected{trial, attempt},
        AttemptUnknown{trial, attempt, ""}, AttemptAbsent{trial, attempt, ""},
        AttemptRunning{trial, attempt}, AttemptEnded{trial, attempt, outcome}};
    return chance(3) ? any_of(of_studies) : any_of(of_trials);
  }

  std::mt19937_64 bits_;
  Fired& fired_;
  Rows rows_;
  Study study_;
  bool is_broken_;  // the training never works
  std::int64_t clock_ = 0;
  int jobs_ = 0;
  std::set<int> retried_{};
};

}  // namespace hpo::engine
