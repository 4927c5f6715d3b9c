// Folds what pruners decide: that a running trial should end or pause, and what becomes of those
// that have paused.
//
// A decision is an intent, like a cancel: the trial runs until its attempt has ended, and a result
// that it brings counts.
#include "daemon/engine/apply.hpp"

namespace hpo::engine {

Result<Changes> on(Study& study, const TrialPruning& e, const Event&) {
  LiveTrial* live = find(study, e.trial, e.attempt);
  const bool is_running = live && has_job(*live) && study.running.contains(e.trial);
  if (!is_running) return impossible("only an attempt that is under way is pruned");
  if (e.decision.goes_on()) return impossible("what goes on is not pruned");
  if (is_pruned(*live)) return impossible("a trial is pruned once");
  live->attempt->decision = e.decision;
  return Changes{.attempt = live->attempt};
}

Trial pause(Study& study, LiveTrial& live) {
  live.trial.state = TrialState::paused;
  live.trial.message = live.attempt->decision.reason;
  live.trial.lease.worker.clear();
  if (live.attempt->state == AttemptState::lost) live.lost.push_back(*live.attempt);
  study.running.erase(live.trial.number);
  study.paused.insert(live.trial.number);
  return live.trial;
}

Result<Changes> on(Study& study, const TrialTakenUp& e, const Event&) {
  if (!study.paused.contains(e.trial)) return impossible("only a paused trial is taken up");
  const bool is_running = study.progress.state == StudyState::running;
  if (!is_running) return impossible("only a running study goes on");
  study.paused.erase(e.trial);
  study.waiting.insert(e.trial);
  Trial& trial = study.open.at(e.trial).trial;
  trial.state = TrialState::waiting;
  trial.message.clear();
  ++trial.resumes;
  return Changes{.trial = trial};
}

std::string after_pause(const Trial& trial, const std::string& end) {
  return end + "; it had paused: " + trial.message;
}

Result<Changes> on(Study& study, const TrialPruned& e, const Event& event) {
  if (!study.paused.contains(e.trial)) return impossible("only a paused trial is pruned at once");
  const std::string end(word(enough(study)));
  Trial& trial = study.open.at(e.trial).trial;
  trial.message = after_pause(trial, "not taken up again, as the study ends (" + end + ")");
  return Changes{.trial = finish(study, e.trial, TrialState::pruned, event)};
}

}  // namespace hpo::engine
