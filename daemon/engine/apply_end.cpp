// Folds the end of an attempt: whose doing it was, whether the trial tries again, what it keeps.
#include <algorithm>
#include <cmath>
#include <utility>

#include "daemon/engine/apply.hpp"
#include "schema/json/writer.hpp"

namespace hpo::engine {

AttemptState closed_state(OutcomeStatus status) {
  switch (status) {
    case OutcomeStatus::lost: return AttemptState::lost;
    case OutcomeStatus::failed: return AttemptState::failed;
    case OutcomeStatus::cancelled: return AttemptState::cancelled;
    default: return AttemptState::succeeded;
  }
}

namespace {

TrialState finished_state(OutcomeStatus status) {
  switch (status) {
    case OutcomeStatus::completed: return TrialState::completed;
    case OutcomeStatus::pruned: return TrialState::pruned;
    case OutcomeStatus::infeasible: return TrialState::infeasible;
    default: return TrialState::failed;
  }
}

bool is_result(OutcomeStatus status) { return finished_state(status) != TrialState::failed; }

// Outcomes are read from files that a training could spoil: one that lacks its value or its class
// must neither pass for a result nor keep its trial open for ever.
Outcome mended(Outcome outcome) {
  const bool has_value = outcome.value && std::isfinite(*outcome.value);
  if (outcome.status == OutcomeStatus::completed && !has_value) {
    outcome.status = OutcomeStatus::failed;
    outcome.failure = FailureClass::bad_result;
    outcome.message = "it was reported as completed without a finite value; is exit.json intact?";
    outcome.value.reset();
  }
  if (outcome.status != OutcomeStatus::cancelled) outcome.is_unwanted = false;
  if (!outcome.failure && outcome.status == OutcomeStatus::lost) {
    outcome.failure = FailureClass::lost;
  }
  if (!outcome.failure && outcome.status == OutcomeStatus::failed) {
    outcome.failure = FailureClass::infrastructure;
  }
  return outcome;
}

// A job that ended as cancelled though nobody here asked for it was taken away by others: by
// somebody who does not want it, or to make room.
Outcome attributed(Outcome outcome, bool is_ours) {
  if (outcome.status != OutcomeStatus::cancelled || is_ours || outcome.is_unwanted) return outcome;
  outcome.status = OutcomeStatus::failed;
  outcome.failure = FailureClass::preempted;
  return outcome;
}

std::string signature(const Outcome& outcome) {
  std::string text(word(*outcome.failure));
  if (outcome.exit_code) text += " exit " + std::to_string(*outcome.exit_code);
  if (outcome.signal) text += " signal " + std::to_string(*outcome.signal);
  return text;
}

bool is_refused_retry(const Trial& trial, const Outcome& outcome) {
  return trial.attempts > 1 && outcome.failure == FailureClass::rejected;
}

// The end of a worker says nothing of the trainings that it had.
bool is_of_its_worker(const Study& study, const Outcome& outcome) {
  const bool was_taken =
      outcome.failure == FailureClass::lost || outcome.failure == FailureClass::preempted;
  return study.spec->is_pulled() && was_taken;
}

// A retry that is refused is no news of the study: the attempt before it has been counted.
void note_failure(Study& study, const Trial& trial, const Outcome& outcome) {
  if (is_refused_retry(trial, outcome) || is_of_its_worker(study, outcome)) return;
  Progress& progress = study.progress;
  const bool is_alike = signature(outcome) == progress.failure_signature;
  progress.failures_alike = is_alike ? progress.failures_alike + 1 : 1;
  progress.failure_signature = signature(outcome);
}

bool is_retried(const Study& study, const Trial& trial, const Outcome& outcome) {
  const Retry& retry = study.spec->retry;
  if (trial.attempts - trial.resumes > retry.max) return false;
  return outcome.retry_asked || std::ranges::count(retry.on, *outcome.failure) > 0;
}

Trial finish_with(Study& study, LiveTrial& live, const Outcome& outcome, const Event& event) {
  const TrialState state = finished_state(outcome.status);
  Trial& trial = live.trial;
  if (state == TrialState::completed) trial.value = outcome.value;
  if (state == TrialState::failed) trial.failure = outcome.failure;
  trial.metrics = outcome.metrics;
  const std::string earlier = is_refused_retry(trial, outcome) ? "\n" + trial.message : "";
  trial.message = outcome.message + earlier;
  return finish(study, trial.number, state, event);
}

// The first failure stays with the trial: what comes of a retry may have little to do with it.
Trial wait_again(Study& study, LiveTrial& live, const Outcome& outcome) {
  if (live.trial.message.empty()) {
    live.trial.message = "attempt " + std::to_string(live.attempt->number) + " had ended as " +
                         std::string(word(*outcome.failure)) + ": " + outcome.message;
  }
  if (live.attempt->state == AttemptState::lost) live.lost.push_back(*live.attempt);
  live.trial.state = TrialState::waiting;
  live.trial.lease.worker.clear();
  study.running.erase(live.trial.number);
  study.waiting.insert(live.trial.number);
  return live.trial;
}

// A pruner wants it to end, and its study does not want it gone altogether.
bool ends_pruned(const Study& study, const LiveTrial& live) {
  return is_pruned(live) && study.progress.state != StudyState::cancelling;
}

// However a training ends that was told to: by the signal, with an error, as pruned, without a
// result. Its reason is the pruner's.
Trial end_pruned(Study& study, LiveTrial& live, const Outcome& outcome, const Event& event) {
  if (live.attempt->decision.verdict == Verdict::pause) return pause(study, live);
  live.trial.metrics = outcome.metrics;
  live.trial.message = live.attempt->decision.reason;
  return finish(study, live.trial.number, TrialState::pruned, event);
}

bool is_retry_due(const Study& study, const LiveTrial& live, const Outcome& outcome) {
  return is_retried(study, live.trial, outcome) && may_fit(study, live);
}

// What a user has cancelled stays so, whatever is still brought: that stays with its attempt.
Trial end_cancelled(Study& study, LiveTrial& live, const Outcome& outcome, const Event& event) {
  const Outcome* late = late_result(live);
  const Outcome& last = late ? *late : outcome;
  if (outcome.is_unwanted) live.trial.message = outcome.message;
  if (last.value) {
    live.trial.message = "it was cancelled before its training brought " +
                         json::number_text(*last.value) + ", which does not count";
  }
  return finish(study, live.trial.number, TrialState::cancelled, event);
}

// First come, first counted: a late result, then this attempt's own, even if its study is being
// cancelled.
Trial settle(Study& study, LiveTrial& live, const Outcome& outcome, const Event& event) {
  const int number = live.trial.number;
  if (live.attempt->cancelling) return end_cancelled(study, live, outcome, event);
  if (const Outcome* late = late_result(live)) return finish_with(study, live, *late, event);
  const bool is_final = is_result(outcome.status) && outcome.status != OutcomeStatus::pruned;
  if (!is_final && ends_pruned(study, live)) return end_pruned(study, live, outcome, event);
  if (is_result(outcome.status)) return finish_with(study, live, outcome, event);
  if (outcome.is_unwanted) live.trial.message = outcome.message;
  if (is_unwanted(study, live) || outcome.is_unwanted) {
    return finish(study, number, TrialState::cancelled, event);
  }
  note_failure(study, live.trial, outcome);
  if (is_retry_due(study, live, outcome)) return wait_again(study, live, outcome);
  return finish_with(study, live, outcome, event);
}

// An attempt that had been given up has ended after all. If it brings the trial's first result, a
// newer attempt becomes unwanted, and the trial stays open until that one's job is gone.
Result<Changes> on_late(Study& study, const AttemptEnded& e, const Outcome& outcome,
                        const Event& event) {
  const auto found = study.open.find(e.trial);
  if (found == study.open.end()) return impossible("an attempt of no open trial ended");
  LiveTrial& live = found->second;
  const auto given_up = std::ranges::find_if(live.lost, [&](const Attempt& attempt) {
    return attempt.number == e.attempt && attempt.state == AttemptState::lost;
  });
  if (given_up == live.lost.end()) return impossible("an attempt ended that was not under way");
  spend(study.progress, used_node_ms(*study.spec, *given_up, outcome) -
                            used_node_ms(*study.spec, *given_up, given_up->outcome));
  given_up->state = AttemptState::late;
  given_up->outcome = outcome;
  if (live.attempt->number == e.attempt) live.attempt = *given_up;
  Changes changes{.attempt = *given_up};
  const Outcome* result = late_result(live);
  if (result && !has_job(live)) changes.trial = finish_with(study, live, *result, event);
  return changes;
}

}  // namespace

const Outcome* late_result(const LiveTrial& live) {
  const auto late = std::ranges::find_if(live.lost, [](const Attempt& attempt) {
    return attempt.state == AttemptState::late && is_result(attempt.outcome.status);
  });
  return late == live.lost.end() ? nullptr : &late->outcome;
}

bool counts_late(const LiveTrial& live, const Outcome& outcome) {
  const bool is_cancelled = live.attempt && live.attempt->cancelling;
  return !is_cancelled && !late_result(live) && is_result(mended(outcome).status);
}

bool goes_on_without(const Study& study, const LiveTrial& live, const Outcome& outcome) {
  return !is_unwanted(study, live) && is_retry_due(study, live, outcome);
}

bool is_unwanted(const Study& study, int trial) {
  return is_unwanted(study, study.open.at(trial));
}

bool is_unwanted(const Study& study, const LiveTrial& live) {
  return live.attempt->cancelling || is_pruned(live) ||
         study.progress.state == StudyState::cancelling || late_result(live);
}

Changes close(Study& study, LiveTrial& live, const Outcome& outcome, const Event& event) {
  live.attempt->outcome = outcome;
  Changes changes{.attempt = live.attempt};
  changes.trial = settle(study, live, outcome, event);
  return changes;
}

Result<Changes> on(Study& study, const AttemptEnded& e, const Event& event) {
  LiveTrial* live = find(study, e.trial, e.attempt);
  if (!live || !has_job(*live)) return on_late(study, e, mended(e.outcome), event);
  const Outcome outcome = attributed(mended(e.outcome), is_unwanted(study, *live));
  spend(study.progress, used_node_ms(*study.spec, *live->attempt, outcome));
  live->attempt->state = closed_state(outcome.status);
  return close(study, *live, outcome, event);
}

}  // namespace hpo::engine
