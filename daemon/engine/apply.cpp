// Folds events into a study: the legal transitions, and nothing else.
//
// One overload of on() for each event; those of attempts are in apply_attempt.cpp and
// apply_end.cpp. Each checks first and changes then, so that an Error leaves the state as it was.
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

void forget_failures(Progress& progress) {
  progress.failures_alike = 0;
  progress.failure_signature.clear();
  progress.workers_in_vain = 0;
  progress.worker_end.clear();
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
  study.leased.erase(number);
  study.running.erase(number);
  study.paused.erase(number);
  Trial trial = std::move(node.mapped().trial);
  trial.lease.worker.clear();
  trial.state = state;
  trial.ended_ns = event.at_ns;
  trial.history_seq = event.history_seq;
  count(study.progress, state);
  compare_with_best(study, trial);
  return trial;
}

Result<Changes> on(Study& study, const StudyCreated&, const Event& event) {
  if (study.progress != Progress{}) return impossible("a study is created once");
  study.progress.created_ns = event.at_ns;
  return Changes{};
}

Result<Changes> on(Study& study, const StudyPaused& e, const Event&) {
  if (study.progress.state != StudyState::running) return impossible("only a running study pauses");
  return become(study, StudyState::paused, e.reason, e.detail);
}

Result<Changes> on(Study& study, const StudyResumed&, const Event&) {
  if (study.progress.state != StudyState::paused) return impossible("only a paused study resumes");
  forget_failures(study.progress);  // the user has looked; three more are needed to pause again
  return become(study, StudyState::running, StudyReason::none, "");
}

Result<Changes> on(Study& study, const StudyReopened&, const Event&) {
  if (!is_ended(study.progress.state)) return impossible("only an ended study is reopened");
  if (study.progress.state == StudyState::cancelled) {  // for its retries, not for the search
    study.progress.trials_more = study.progress.created - study.spec->budget.trials;
  }
  study.progress.ended_ns = 0;
  forget_failures(study.progress);
  return become(study, StudyState::running, StudyReason::none, "");
}

Result<Changes> on(Study& study, const StudyCancelling&, const Event&) {
  if (is_ended(study.progress.state)) return impossible("an ended study cannot be cancelled");
  return become(study, StudyState::cancelling, StudyReason::user, "");
}

Result<Changes> on(Study& study, const StudyEnded& e, const Event& event) {
  if (is_ended(study.progress.state)) return impossible("a study ends once");
  if (study.progress.state == StudyState::paused) return impossible("a paused study does not end");
  if (!study.open.empty()) return impossible("a study with open trials cannot end");
  if (!study.workers.empty()) return impossible("a study with worker jobs cannot end");
  const bool is_cancelled = e.state == StudyState::cancelled;
  const bool is_cancelling = study.progress.state == StudyState::cancelling;
  if (!is_ended(e.state) || is_cancelled != is_cancelling) {
    return impossible("a study ends as finished or failed, or cancelled if that was asked for");
  }
  study.progress.ended_ns = event.at_ns;
  return become(study, e.state, e.reason, "");
}

Result<Changes> on(Study& study, const SpaceExhausted&, const Event&) {
  study.progress.exhausted = true;
  return Changes{};
}

Result<Changes> on(Study&, const TimePassed&, const Event&) { return Changes{}; }

Result<Changes> on(Study& study, const TrialRecommended& e, const Event&) {
  Progress& p = study.progress;
  if (is_ended(p.state)) return impossible("an ended study recommends nothing more");
  if (e.finished <= p.recommended_at || e.finished > p.finished()) {
    return impossible("a recommendation is of more trials than the last one, all finished");
  }
  if (e.trial && (*e.trial < 0 || *e.trial >= p.created || study.open.contains(*e.trial))) {
    return impossible("only a finished trial is recommended");
  }
  p.recommended_trial = e.trial;
  p.recommended_value = e.trial ? std::optional(e.value) : std::nullopt;
  p.recommended_at = e.finished;
  return Changes{};
}

namespace {

Result<void> may_create(const Study& study, const TrialCreated& e) {
  const bool accepts = study.progress.state == StudyState::running ||
                       study.progress.state == StudyState::paused;
  if (!accepts) return impossible("only a running or paused study gets trials");
  if (e.trial != study.progress.created) return impossible("trial numbers must be consecutive");
  if (!study.spec->space.contains(e.values)) return impossible("params lie outside the space");
  if (e.retry_of.has_value() != (e.origin == Origin::retry)) {
    return impossible("a retry, and nothing else, names the trial that it repeats");
  }
  const bool repeats_finished = e.retry_of && *e.retry_of >= 0 && *e.retry_of < e.trial &&
                                !study.open.contains(*e.retry_of);
  if (e.retry_of && !repeats_finished) return impossible("only a finished trial is retried");
  const bool is_beyond = !e.retry_of && e.trial >= study.trials_total();
  return is_beyond ? impossible("a trial beyond the budget") : Result<void>();
}

}  // namespace

Result<Changes> on(Study& study, const TrialCreated& e, const Event& event) {
  if (auto may = may_create(study, e); !may) return may.error();
  if (e.origin == Origin::retry) {  // it adds to the budget and takes a failure off
    ++study.progress.trials_more;
    ++study.progress.failures_forgiven;
  }
  ++study.progress.created;
  if (!e.suggestion.instead_of.empty()) ++study.progress.stand_ins;
  Trial trial{.number = e.trial, .values = e.values, .origin = e.origin, .retry_of = e.retry_of,
              .suggestion = e.suggestion, .created_ns = event.at_ns};
  study.open[e.trial].trial = trial;
  study.waiting.insert(e.trial);
  return Changes{.trial = std::move(trial)};
}

Result<Changes> on(Study& study, const TrialCancelling& e, const Event&) {
  const auto live = study.open.find(e.trial);
  if (live == study.open.end()) return impossible("only an open trial is cancelled");
  if (!has_job(live->second)) return impossible("a trial without a job is cancelled at once");
  live->second.attempt->cancelling = true;
  return Changes{.attempt = live->second.attempt};
}

Result<Changes> on(Study& study, const TrialCancelled& e, const Event& event) {
  const auto live = study.open.find(e.trial);
  if (live == study.open.end()) return impossible("only an open trial is cancelled");
  if (has_job(live->second)) return impossible("a trial with a job is cancelled through it");
  Trial& trial = live->second.trial;
  if (trial.state == TrialState::paused) trial.message = after_pause(trial, "cancelled");
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
  study.leased.clear();
  study.paused.clear();
  for (const auto& [number, live] : study.open) {
    switch (live.trial.state) {
      case TrialState::running: study.running.insert(number); break;
      case TrialState::paused: study.paused.insert(number); break;
      default: study.waiting.insert(number);
    }
    if (study.waiting.contains(number) && live.trial.lease.is_held()) study.leased.insert(number);
  }
}

}  // namespace hpo::engine
