// Events: what can happen to a study. Facts in the past tense; engine::apply folds them.
//
// Stored with the rows they change, in one transaction. Reports are rows, not events.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "schema/report.hpp"
#include "schema/study.hpp"
#include "schema/trial.hpp"
#include "schema/words.hpp"

namespace hpo {

struct StudyCreated {
  friend bool operator==(const StudyCreated&, const StudyCreated&) = default;
};
struct StudyPaused {
  StudyReason reason = StudyReason::user;
  std::string detail{};
  friend bool operator==(const StudyPaused&, const StudyPaused&) = default;
};
struct StudyResumed {
  friend bool operator==(const StudyResumed&, const StudyResumed&) = default;
};
struct StudyReopened {  // an ended study gets trials to retry
  friend bool operator==(const StudyReopened&, const StudyReopened&) = default;
};
struct StudyCancelling {  // intent; the study ends when its jobs are gone
  friend bool operator==(const StudyCancelling&, const StudyCancelling&) = default;
};
struct StudyEnded {
  StudyState state = StudyState::finished;
  StudyReason reason{};
  friend bool operator==(const StudyEnded&, const StudyEnded&) = default;
};
struct SpaceExhausted {  // the strategy has nothing left to propose
  friend bool operator==(const SpaceExhausted&, const SpaceExhausted&) = default;
};
struct TimePassed {  // carries elapsed_ns alone
  friend bool operator==(const TimePassed&, const TimePassed&) = default;
};

struct TrialCreated {
  int trial = 0;
  Values values{};
  Origin origin = Origin::strategy;
  std::optional<int> retry_of{};
  Suggestion suggestion{};
  friend bool operator==(const TrialCreated&, const TrialCreated&) = default;
};
struct TrialCancelling {  // intent: of a running trial
  int trial = 0;
  friend bool operator==(const TrialCancelling&, const TrialCancelling&) = default;
};
struct TrialCancelled {  // of a waiting trial, at once
  int trial = 0;
  friend bool operator==(const TrialCancelled&, const TrialCancelled&) = default;
};

struct TrialPruning {  // intent: of a running trial, which a pruner wants to stop or to pause
  int trial = 0;
  int attempt = 1;
  Decision decision{};
  friend bool operator==(const TrialPruning&, const TrialPruning&) = default;
};
struct TrialTakenUp {  // a paused trial waits to go on
  int trial = 0;
  friend bool operator==(const TrialTakenUp&, const TrialTakenUp&) = default;
};
struct TrialPruned {  // a paused trial: nobody goes on with it
  int trial = 0;
  friend bool operator==(const TrialPruned&, const TrialPruned&) = default;
};

struct AttemptSubmitting {  // the intent row: written before the executor is called
  int trial = 0;
  int attempt = 1;
  std::string job{};
  int slot = 0;
  std::vector<int> devices{};
  friend bool operator==(const AttemptSubmitting&, const AttemptSubmitting&) = default;
};
struct AttemptSubmitted {
  int trial = 0;
  int attempt = 1;
  std::string job{};
  std::string native_id{};
  bool is_running = false;  // false: it waits in the batch system's queue
  friend bool operator==(const AttemptSubmitted&, const AttemptSubmitted&) = default;
};
struct AttemptRejected {  // a definite no of the executor: counts as a failed attempt
  int trial = 0;
  int attempt = 1;
  FailureClass failure = FailureClass::rejected;
  std::string message{};
  friend bool operator==(const AttemptRejected&, const AttemptRejected&) = default;
};
struct AttemptUnknown {
  int trial = 0;
  int attempt = 1;
  std::string message{};
  std::string job{};  // of the submission that is in doubt; so below
  friend bool operator==(const AttemptUnknown&, const AttemptUnknown&) = default;
};
struct AttemptAbsent {  // never submitted; try again
  int trial = 0;
  int attempt = 1;
  std::string message{};  // why the executor put it off
  std::string job{};
  friend bool operator==(const AttemptAbsent&, const AttemptAbsent&) = default;
};
struct AttemptRunning {
  int trial = 0;
  int attempt = 1;
  friend bool operator==(const AttemptRunning&, const AttemptRunning&) = default;
};
struct AttemptEnded {
  int trial = 0;
  int attempt = 1;
  Outcome outcome{};
  friend bool operator==(const AttemptEnded&, const AttemptEnded&) = default;
};

struct AttemptIncident {  // what must not have been, and was mended; of finished trials too
  int trial = 0;
  int attempt = 1;
  std::string message{};
  std::string job{};
  std::optional<Remark> remark{};  // of its reports; nullopt: of its job or its result
  friend bool operator==(const AttemptIncident&, const AttemptIncident&) = default;
};

struct TrialRecommended {  // with much noise: by a model, of all trials that had finished
  std::optional<int> trial{};  // nullopt: of none of them can it be said
  double value = 0.0;          // that the model expects of it, without noise
  int finished = 0;            // so many trials
  friend bool operator==(const TrialRecommended&, const TrialRecommended&) = default;
};

struct TrialLeased {  // a waiting trial: a worker has it, and will begin it
  int trial = 0;
  std::string worker{};
  std::int64_t fence = 1;
  friend bool operator==(const TrialLeased&, const TrialLeased&) = default;
};
struct TrialReturned {  // not begun: it waits for another worker
  int trial = 0;
  std::int64_t fence = 1;
  friend bool operator==(const TrialReturned&, const TrialReturned&) = default;
};
struct AttemptStarted {  // by the worker that has leased the trial, or that leases it with this
  int trial = 0;
  int attempt = 1;
  std::string worker{};
  std::int64_t fence = 1;
  std::string job{};
  int slot = 0;
  friend bool operator==(const AttemptStarted&, const AttemptStarted&) = default;
};

// Of the jobs of workers, as those of attempts above; `worker` counts them, 0, 1, 2, ….
struct WorkerSubmitting {
  int worker = 0;
  std::string name{};  // as WorkerJob has it
  std::string job{};
  std::vector<int> devices{};
  friend bool operator==(const WorkerSubmitting&, const WorkerSubmitting&) = default;
};
struct WorkerSubmitted {
  int worker = 0;
  std::string job{};
  std::string native_id{};
  bool is_running = false;
  friend bool operator==(const WorkerSubmitted&, const WorkerSubmitted&) = default;
};
struct WorkerRejected {
  int worker = 0;
  std::string message{};
  friend bool operator==(const WorkerRejected&, const WorkerRejected&) = default;
};
struct WorkerUnknown {
  int worker = 0;
  std::string message{};
  std::string job{};
  friend bool operator==(const WorkerUnknown&, const WorkerUnknown&) = default;
};
struct WorkerAbsent {
  int worker = 0;
  std::string message{};
  std::string job{};
  friend bool operator==(const WorkerAbsent&, const WorkerAbsent&) = default;
};
struct WorkerRunning {
  int worker = 0;
  friend bool operator==(const WorkerRunning&, const WorkerRunning&) = default;
};
struct WorkerAsked {  // for a trial, the first time
  int worker = 0;
  friend bool operator==(const WorkerAsked&, const WorkerAsked&) = default;
};
struct WorkerEnded {
  int worker = 0;
  Outcome outcome{};
  friend bool operator==(const WorkerEnded&, const WorkerEnded&) = default;
};

// A struct, not a bare std::variant: argument-dependent lookup would find std::apply.
struct Event {
  std::int64_t at_ns = 0;       // UTC, for display only
  std::int64_t elapsed_ns = 0;  // monotonic time that the study ran since its last event
  std::int64_t history_seq = 0; // the number that a trial takes if this event finishes one
  std::variant<StudyCreated, StudyPaused, StudyResumed, StudyReopened, StudyCancelling,
               StudyEnded, SpaceExhausted, TimePassed, TrialCreated, TrialCancelling,
               TrialCancelled, AttemptSubmitting, AttemptSubmitted, AttemptRejected,
               AttemptUnknown, AttemptAbsent, AttemptRunning, AttemptEnded, AttemptIncident,
               TrialRecommended, TrialLeased, TrialReturned, AttemptStarted, TrialPruning,
               TrialTakenUp, TrialPruned, WorkerSubmitting, WorkerSubmitted, WorkerRejected,
               WorkerUnknown, WorkerAbsent, WorkerRunning, WorkerAsked, WorkerEnded>
      body{};
  friend bool operator==(const Event&, const Event&) = default;
};

// The kinds as they are stored and sent, in the variant's order.
inline constexpr auto event_kinds = word_table(
    "study_created", "study_paused", "study_resumed", "study_reopened", "study_cancelling",
    "study_ended", "space_exhausted", "time_passed", "trial_created", "trial_cancelling",
    "trial_cancelled", "attempt_submitting", "attempt_submitted", "attempt_rejected",
    "attempt_unknown", "attempt_absent", "attempt_running", "attempt_ended",
    "attempt_incident", "trial_recommended", "trial_leased", "trial_returned", "attempt_started",
    "trial_pruning", "trial_taken_up", "trial_pruned",
    "worker_submitting", "worker_submitted", "worker_rejected", "worker_unknown", "worker_absent",
    "worker_running", "worker_asked", "worker_ended");
static_assert(event_kinds.size() == std::variant_size_v<decltype(Event::body)>);

}  // namespace hpo
