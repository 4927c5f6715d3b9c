// Folds what workers do with the trials that they pull: lease, return, begin.
//
// A lease that was granted lets its worker begin at any time, so that a start is a fact when it is
// told, and is refused only if the trial is not that lease's any more.
#include "daemon/engine/apply.hpp"

namespace hpo::engine {
namespace {

LiveTrial* find_waiting(Study& study, int trial) {
  return study.waiting.contains(trial) ? &study.open.at(trial) : nullptr;
}

Result<void> may_lease(const Study& study, const LiveTrial* live, const Lease& lease) {
  if (!lease.is_held()) return impossible("a lease is a worker's");
  if (!study.spec->is_pulled()) return impossible("only where trials are pulled are they leased");
  const bool is_running = study.progress.state == StudyState::running;
  if (!is_running) return impossible("only a running study leases");
  const bool is_free = live && !live->trial.lease.is_held();
  if (!is_free) return impossible("only a waiting trial that nobody has is leased");
  if (lease.fence != live->trial.lease.fence + 1) return impossible("fences must be consecutive");
  return {};
}

Result<void> may_begin(const Study& study, const LiveTrial* live, const AttemptStarted& e) {
  if (!live || e.attempt != live->trial.attempts + 1) {
    return impossible("only a waiting trial begins, with its next attempt");
  }
  const Lease lease{e.worker, e.fence};
  if (live->trial.lease.is_held()) {
    return live->trial.lease == lease ? Result<void>() : impossible("another worker has the trial");
  }
  if (room(study) == 0) return impossible("more trials at once than the study may have");
  return may_lease(study, live, lease);
}

}  // namespace

Result<Changes> on(Study& study, const TrialLeased& e, const Event&) {
  LiveTrial* live = find_waiting(study, e.trial);
  const Lease lease{e.worker, e.fence};
  if (auto may = may_lease(study, live, lease); !may) return may.error();
  live->trial.lease = lease;
  study.leased.insert(e.trial);
  return Changes{.trial = live->trial};
}

Result<Changes> on(Study& study, const TrialReturned& e, const Event&) {
  LiveTrial* live = find_waiting(study, e.trial);
  if (!live || !live->trial.lease.is_held_under(e.fence)) {
    return impossible("only a trial that is leased and has not begun is returned");
  }
  live->trial.lease.worker.clear();
  study.leased.erase(e.trial);
  return Changes{.trial = live->trial};
}

Result<Changes> on(Study& study, const AttemptStarted& e, const Event& event) {
  LiveTrial* live = find_waiting(study, e.trial);
  if (auto may = may_begin(study, live, e); !may) return may.error();
  live->trial.lease = {e.worker, e.fence};
  begin_attempt(study, live->trial, event.at_ns);
  live->attempt = Attempt{.trial = e.trial, .number = e.attempt, .state = AttemptState::running,
                          .job = e.job, .native_id = e.worker, .fence = e.fence, .slot = e.slot,
                          .asked = next_asked(*study.spec, *live), .submitting_ns = event.at_ns,
                          .submitted_ns = event.at_ns};
  return Changes{.trial = live->trial, .attempt = live->attempt};
}

}  // namespace hpo::engine
