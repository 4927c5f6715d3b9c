// Folds the events of attempts up to their end: from the intent row to a running job.
#include "daemon/engine/apply.hpp"

namespace hpo::engine {

LiveTrial* find(Study& study, int trial, int attempt) {
  const auto live = study.open.find(trial);
  if (live == study.open.end() || !live->second.attempt) return nullptr;
  return live->second.attempt->number == attempt ? &live->second : nullptr;
}

namespace {

// nullptr: the attempt is not of an open trial, or its submission has been decided.
LiveTrial* find_doubtful(Study& study, int trial, int attempt) {
  LiveTrial* live = find(study, trial, attempt);
  return live && is_doubtful(live->attempt->state) ? live : nullptr;
}

Result<void> may_submit(const Study& study, const AttemptSubmitting& e) {
  if (study.spec->is_pulled()) return impossible("no jobs are submitted where trials are pulled");
  if (study.progress.state != StudyState::running) return impossible("only a running study starts");
  const auto live = study.open.find(e.trial);
  if (live == study.open.end()) return impossible("only an open trial gets an attempt");
  const bool is_new = study.waiting.contains(e.trial);
  if (is_new && room(study) == 0) return impossible("more trials at once than the study may have");
  if (is_new && next_node_ms(study, live->second) > free_node_ms(study)) {
    return impossible("more node-hours than the study may use");
  }
  const bool is_again = study.running.contains(e.trial) &&
                        live->second.attempt->state == AttemptState::absent;
  if (!is_new && !is_again) {
    return impossible("a trial has one live attempt at most");
  }
  const int expected = live->second.trial.attempts + (is_new ? 1 : 0);
  if (e.attempt != expected) return impossible("attempt numbers must be consecutive");
  return {};
}

}  // namespace

void begin_attempt(Study& study, Trial& trial, std::int64_t at_ns) {
  ++trial.attempts;
  ++study.progress.attempts;
  trial.state = TrialState::running;
  if (trial.started_ns == 0) trial.started_ns = at_ns;
  if (study.progress.started_ns == 0) study.progress.started_ns = at_ns;
  study.waiting.erase(trial.number);
  study.leased.erase(trial.number);
  study.running.insert(trial.number);
}

Result<Changes> on(Study& study, const AttemptSubmitting& e, const Event& event) {
  if (auto may = may_submit(study, e); !may) return may.error();
  LiveTrial& live = study.open.at(e.trial);
  if (study.waiting.contains(e.trial)) begin_attempt(study, live.trial, event.at_ns);
  live.attempt = Attempt{.trial = e.trial, .number = e.attempt, .job = e.job, .slot = e.slot,
                         .devices = e.devices, .asked = next_asked(*study.spec, live),
                         .submitting_ns = event.at_ns};
  return Changes{.trial = live.trial, .attempt = live.attempt};
}

Result<Changes> on(Study& study, const AttemptSubmitted& e, const Event& event) {
  LiveTrial* live = find_doubtful(study, e.trial, e.attempt);
  if (!live || live->attempt->job != e.job) return impossible("no such submission is under way");
  live->attempt->state = e.is_running ? AttemptState::running : AttemptState::submitted;
  live->attempt->native_id = e.native_id;
  live->attempt->submitted_ns = event.at_ns;
  live->attempt->message.clear();
  return Changes{.attempt = live->attempt};
}

Result<Changes> on(Study& study, const AttemptRejected& e, const Event& event) {
  LiveTrial* live = find_doubtful(study, e.trial, e.attempt);
  if (!live) return impossible("no submission is under way");
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

// The same attempt is submitted again under a new name, unless nobody wants it any more.
Result<Changes> on(Study& study, const AttemptAbsent& e, const Event& event) {
  LiveTrial* live = find_doubtful(study, e.trial, e.attempt);
  if (!live) return impossible("no submission is in doubt");
  live->attempt->state = AttemptState::absent;
  live->attempt->message = e.message;
  if (!is_unwanted(study, *live)) return Changes{.attempt = live->attempt};
  return close(study, *live, Outcome{.status = OutcomeStatus::cancelled}, event);
}

// Told, and nothing else: what it was about has been put right already.
Result<Changes> on(Study& study, const AttemptIncident& e, const Event&) {
  const bool is_known = e.trial >= 0 && e.trial < study.progress.created && e.attempt >= 1;
  return is_known ? Result<Changes>(Changes{}) : impossible("an incident of no trial");
}

Result<Changes> on(Study& study, const AttemptRunning& e, const Event&) {
  LiveTrial* live = find(study, e.trial, e.attempt);
  const bool waits = live && (live->attempt->state == AttemptState::submitted ||
                              live->attempt->state == AttemptState::queued);
  if (!waits) return impossible("only a submitted attempt starts to run");
  live->attempt->state = AttemptState::running;
  return Changes{.attempt = live->attempt};
}

}  // namespace hpo::engine
