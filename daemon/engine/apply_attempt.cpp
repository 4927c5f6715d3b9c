// Folds the events of attempts: from the intent row to the outcome, and what the trial does then.
#include <algorithm>
#include <utility>

#include "daemon/engine/apply.hpp"

namespace hpo::engine {
namespace {

// The open trial whose latest attempt this is; nullptr if there is none.
LiveTrial* find(Study& study, int trial, int attempt) {
  const auto live = study.open.find(trial);
  if (live == study.open.end() || !live->second.attempt) return nullptr;
  return live->second.attempt->number == attempt ? &live->second : nullptr;
}

bool is_doubtful(AttemptState s) {
  return s == AttemptState::submitting || s == AttemptState::unknown;
}

AttemptState closed_state(OutcomeStatus status) {
  switch (status) {
    case OutcomeStatus::lost: return AttemptState::lost;
    case OutcomeStatus::failed: return AttemptState::failed;
    case OutcomeStatus::cancelled: return AttemptState::cancelled;
    default: return AttemptState::succeeded;
  }
}

TrialState finished_state(OutcomeStatus status) {
  switch (status) {
    case OutcomeStatus::completed: return TrialState::completed;
    case OutcomeStatus::pruned: return TrialState::pruned;
    case OutcomeStatus::infeasible: return TrialState::infeasible;
    default: return TrialState::failed;
  }
}

bool is_result(OutcomeStatus status) { return finished_state(status) != TrialState::failed; }

// A job that ended as cancelled though nobody here asked for it was taken away by others.
Outcome attributed(Outcome outcome, bool we_cancelled) {
  if (outcome.status != OutcomeStatus::cancelled || we_cancelled) return outcome;
  outcome.status = OutcomeStatus::failed;
  outcome.failure = FailureClass::preempted;
  return outcome;
}

std::string signature(const Outcome& outcome) {
  std::string text(outcome.failure ? word(*outcome.failure) : "none");
  if (outcome.exit_code) text += " exit " + std::to_string(*outcome.exit_code);
  if (outcome.signal) text += " signal " + std::to_string(*outcome.signal);
  return text;
}

void note_failure(Study& study, const Outcome& outcome) {
  if (study.successes() > 0) return;
  const std::string text = signature(outcome);
  const bool is_alike = text == study.progress.failure_signature;
  study.progress.failures_alike = is_alike ? study.progress.failures_alike + 1 : 1;
  study.progress.failure_signature = text;
}

bool is_retried(const Study& study, const Trial& trial, const Outcome& outcome) {
  const Retry& retry = study.spec->retry;
  if (study.progress.state == StudyState::cancelling || trial.attempts > retry.max) return false;
  if (outcome.retry_asked) return true;
  return outcome.failure && std::ranges::count(retry.on, *outcome.failure) > 0;
}

void take_result(Trial& trial, const Outcome& outcome) {
  trial.value = outcome.value;
  trial.metrics = outcome.metrics;
  trial.message = outcome.message;
  if (!is_result(outcome.status)) trial.failure = outcome.failure;
}

Changes wait_again(Study& study, LiveTrial& live) {
  live.trial.state = TrialState::waiting;
  study.running.erase(live.trial.number);
  study.waiting.insert(live.trial.number);
  Changes changes{.trial = live.trial, .attempt = live.attempt};
  if (live.attempt->state == AttemptState::lost) live.lost.push_back(*live.attempt);
  return changes;
}

// Closes the latest attempt; the trial finishes or waits for another one.
Changes close(Study& study, LiveTrial& live, const Outcome& told, const Event& event) {
  const bool we_cancel =
      live.attempt->cancelling || study.progress.state == StudyState::cancelling;
  const Outcome outcome = attributed(told, we_cancel);
  live.attempt->outcome = outcome;
  const bool is_failure = !is_result(outcome.status) && !we_cancel;
  if (is_failure) note_failure(study, outcome);
  if (is_failure && is_retried(study, live.trial, outcome)) return wait_again(study, live);

  const bool is_cancelled = we_cancel && !is_result(outcome.status);
  if (!is_cancelled) take_result(live.trial, outcome);
  Changes changes{.attempt = live.attempt};
  const TrialState state = is_cancelled ? TrialState::cancelled : finished_state(outcome.status);
  changes.trial = finish(study, live.trial.number, state, event);
  return changes;
}

// A result of an attempt that had been given up. The first result counts: if the trial has none
// yet, this is it, and a newer attempt, if any, is told to go by the plan (its trial is over).
Result<Changes> on_late(Study& study, const AttemptEnded& e, const Event& event) {
  const auto found = study.open.find(e.trial);
  if (found == study.open.end()) return impossible("an attempt of no open trial ended");
  LiveTrial& live = found->second;
  const auto lost = std::ranges::find(live.lost, e.attempt, &Attempt::number);
  if (lost == live.lost.end()) return impossible("an attempt ended that was not under way");
  Attempt late = *lost;
  late.state = AttemptState::late;
  late.outcome = e.outcome;
  live.lost.erase(lost);
  Changes changes{.attempt = late};
  if (is_result(e.outcome.status) && study.waiting.contains(e.trial)) {
    take_result(live.trial, e.outcome);
    changes.trial = finish(study, e.trial, finished_state(e.outcome.status), event);
  }
  return changes;
}

}  // namespace

Result<Changes> on(Study& study, const AttemptSubmitting& e, const Event& event) {
  const auto found = study.open.find(e.trial);
  if (found == study.open.end()) return impossible("only an open trial gets an attempt");
  LiveTrial& live = found->second;
  const bool is_new = study.waiting.contains(e.trial);
  if (!is_new && live.attempt->state != AttemptState::absent) {
    return impossible("a trial has one live attempt at most");
  }
  const int expected = is_new ? live.trial.attempts + 1 : live.attempt->number;
  if (e.attempt != expected) return impossible("attempt numbers must be consecutive");
  if (is_new) {
    ++live.trial.attempts;
    ++study.progress.attempts;
    live.trial.state = TrialState::running;
    if (live.trial.started_ns == 0) live.trial.started_ns = event.at_ns;
    if (study.progress.started_ns == 0) study.progress.started_ns = event.at_ns;
    study.waiting.erase(e.trial);
    study.running.insert(e.trial);
  }
  live.attempt = Attempt{.trial = e.trial, .number = e.attempt, .job = e.job, .slot = e.slot,
                         .devices = e.devices, .submitting_ns = event.at_ns};
  return Changes{.trial = live.trial, .attempt = live.attempt};
}

Result<Changes> on(Study& study, const AttemptSubmitted& e, const Event& event) {
  LiveTrial* live = find(study, e.trial, e.attempt);
  if (!live || !is_doubtful(live->attempt->state)) return impossible("no submission is under way");
  live->attempt->state = e.is_running ? AttemptState::running : AttemptState::submitted;
  live->attempt->native_id = e.native_id;
  live->attempt->submitted_ns = event.at_ns;
  live->attempt->message.clear();
  return Changes{.attempt = live->attempt};
}

Result<Changes> on(Study& study, const AttemptRejected& e, const Event& event) {
  LiveTrial* live = find(study, e.trial, e.attempt);
  if (!live || !is_doubtful(live->attempt->state)) return impossible("no submission is under way");
  live->attempt->state = AttemptState::rejected;
  live->attempt->message = e.message;
  return close(study, *live, Outcome{.failure = e.failure, .message = e.message}, event);
}

Result<Changes> on(Study& study, const AttemptUnknown& e, const Event&) {
  LiveTrial* live = find(study, e.trial, e.attempt);
  if (!live || live->attempt->state != AttemptState::submitting) {
    return impossible("only a submission that is under way becomes unknown");
  }
  live->attempt->state = AttemptState::unknown;
  live->attempt->message = e.message;
  return Changes{.attempt = live->attempt};
}

Result<Changes> on(Study& study, const AttemptAbsent& e, const Event&) {
  LiveTrial* live = find(study, e.trial, e.attempt);
  if (!live || !is_doubtful(live->attempt->state)) return impossible("no submission is in doubt");
  live->attempt->state = AttemptState::absent;
  return Changes{.attempt = live->attempt};
}

Result<Changes> on(Study& study, const AttemptRunning& e, const Event&) {
  LiveTrial* live = find(study, e.trial, e.attempt);
  const bool waits = live && (live->attempt->state == AttemptState::submitted ||
                              live->attempt->state == AttemptState::queued);
  if (!waits) return impossible("only a submitted attempt starts to run");
  live->attempt->state = AttemptState::running;
  return Changes{.attempt = live->attempt};
}

Result<Changes> on(Study& study, const AttemptEnded& e, const Event& event) {
  LiveTrial* live = find(study, e.trial, e.attempt);
  if (!live || !is_live(live->attempt->state)) return on_late(study, e, event);
  live->attempt->state = closed_state(e.outcome.status);
  return close(study, *live, e.outcome, event);
}

}  // namespace hpo::engine
