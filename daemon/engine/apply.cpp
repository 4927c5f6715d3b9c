// Folds events into a study: the legal transitions, and nothing else.
//
// One overload of on() for each event; those of attempts are in apply_attempt.cpp.
#include "daemon/engine/apply.hpp"

#include <utility>

namespace hpo::engine {

Error impossible(const std::string& what) {
  return {ErrorCode::corrupt, what, "engine::apply",
          "this is a bug of hpo: report it with the output of 'hpo export'"};
}

namespace {

Result<Changes> become(Study& study, StudyState state, StudyReason reason, std::string detail) {
  study.progress.state = state;
  study.progress.reason = reason;
  study.progress.detail = std::move(detail);
  return Changes{};
}

bool is_better(const Study& study, double value) {
  if (!study.progress.best_value) return true;
  return study.spec->objective.direction == Direction::minimize
             ? value < *study.progress.best_value
             : value > *study.progress.best_value;
}

void count(Progress& progress, TrialState state) {
  switch (state) {
    case TrialState::completed: ++progress.completed; break;
    case TrialState::pruned: ++progress.pruned; break;
    case TrialState::infeasible: ++progress.infeasible; break;
    case TrialState::failed: ++progress.failed; break;
    case TrialState::cancelled: ++progress.cancelled; break;
    default: HPO_ASSERT(false, "only a finished trial is counted");
  }
}

void compare_with_best(Study& study, const Trial& trial) {
  Progress& progress = study.progress;
  if (trial.state == TrialState::cancelled) return;  // says nothing about the search
  if (trial.value && is_better(study, *trial.value)) {
    progress.best_trial = trial.number;
    progress.best_value = trial.value;
    progress.finished_since_best = 0;
  } else {
    ++progress.finished_since_best;
  }
}

}  // namespace

Trial finish(Study& study, int number, TrialState state, const Event& event) {
  auto node = study.open.extract(number);
  study.waiting.erase(number);
  study.running.erase(number);
  Trial trial = std::move(node.mapped().trial);
  trial.state = state;
  trial.ended_ns = event.at_ns;
  trial.history_seq = event.history_seq;
  count(study.progress, state);
  compare_with_best(study, trial);
  return trial;
}

Result<Changes> on(Study& study, const StudyCreated&, const Event& event) {
  study.progress.created_ns = event.at_ns;
  return Changes{};
}

Result<Changes> on(Study& study, const StudyPaused& e, const Event&) {
  if (study.progress.state != StudyState::running) return impossible("only a running study pauses");
  return become(study, StudyState::paused, e.reason, e.detail);
}

Result<Changes> on(Study& study, const StudyResumed&, const Event&) {
  if (study.progress.state != StudyState::paused) return impossible("only a paused study resumes");
  study.progress.failures_alike = 0;  // the user has looked; three more are needed to pause again
  study.progress.failure_signature.clear();
  return become(study, StudyState::running, StudyReason::none, "");
}

Result<Changes> on(Study& study, const StudyReopened&, const Event&) {
  if (!is_ended(study.progress.state)) return impossible("only an ended study is reopened");
  study.progress.ended_ns = 0;
  study.progress.failures_alike = 0;
  study.progress.failure_signature.clear();
  return become(study, StudyState::running, StudyReason::none, "");
}

Result<Changes> on(Study& study, const StudyCancelling&, const Event&) {
  if (is_ended(study.progress.state)) return impossible("an ended study cannot be cancelled");
  return become(study, StudyState::cancelling, StudyReason::user, "");
}

Result<Changes> on(Study& study, const StudyEnded& e, const Event& event) {
  if (is_ended(study.progress.state)) return impossible("a study ends once");
  if (!study.open.empty()) return impossible("a study with open trials cannot end");
  if (!is_ended(e.state)) return impossible("a study ends in a state that is an end");
  study.progress.ended_ns = event.at_ns;
  return become(study, e.state, e.reason, "");
}

Result<Changes> on(Study& study, const SpaceExhausted&, const Event&) {
  study.progress.exhausted = true;
  return Changes{};
}

Result<Changes> on(Study&, const TimePassed&, const Event&) { return Changes{}; }

Result<Changes> on(Study& study, const TrialCreated& e, const Event& event) {
  const bool accepts = study.progress.state == StudyState::running ||
                       study.progress.state == StudyState::paused;
  if (!accepts) return impossible("only a running or paused study gets trials");
  if (e.trial != study.progress.created) return impossible("trial numbers must be consecutive");
  if (!study.spec->space.contains(e.values)) return impossible("params lie outside the space");
  if (e.origin == Origin::retry) {
    ++study.progress.trials_more;
    ++study.progress.failures_forgiven;
  }
  if (e.trial >= study.trials_total()) {
    if (e.origin == Origin::retry) --study.progress.trials_more, --study.progress.failures_forgiven;
    return impossible("a trial beyond the budget");
  }
  ++study.progress.created;
  Trial trial{.number = e.trial, .values = e.values, .origin = e.origin, .retry_of = e.retry_of,
              .suggestion = e.suggestion, .created_ns = event.at_ns};
  study.open[e.trial].trial = trial;
  study.waiting.insert(e.trial);
  return Changes{.trial = std::move(trial)};
}

Result<Changes> on(Study& study, const TrialCancelling& e, const Event&) {
  const auto live = study.open.find(e.trial);
  if (live == study.open.end()) return impossible("only an open trial is cancelled");
  if (!live->second.attempt || !is_live(live->second.attempt->state)) {
    return impossible("a trial without a live attempt is cancelled at once");
  }
  live->second.attempt->cancelling = true;
  return Changes{.attempt = live->second.attempt};
}

Result<Changes> on(Study& study, const TrialCancelled& e, const Event& event) {
  const auto live = study.open.find(e.trial);
  if (live == study.open.end()) return impossible("only an open trial is cancelled");
  const bool has_job = study.running.contains(e.trial) && live->second.attempt &&
                       is_live(live->second.attempt->state);
  if (has_job) return impossible("a trial with a live attempt is cancelled through its job");
  return Changes{.trial = finish(study, e.trial, TrialState::cancelled, event)};
}

Result<Changes> apply(Study& study, const Event& event) {
  auto changes = std::visit([&](const auto& e) { return on(study, e, event); }, event.body);
  if (changes) study.progress.spent_ns += event.elapsed_ns;
  return changes;
}

void index(Study& study) {
  study.waiting.clear();
  study.running.clear();
  for (const auto& [number, live] : study.open) {
    (live.trial.state == TrialState::running ? study.running : study.waiting).insert(number);
  }
}

}  // namespace hpo::engine
