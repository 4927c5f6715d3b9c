// What workers do in a walk whose trials are pulled: lease, begin, return; and pruners in all.
#include <iterator>

#include "tests/daemon/engine/walk.hpp"

namespace hpo::engine {

void Walk::worker_acts() {
  if (!study_.spec->is_pulled()) return;
  if (study_.leased.empty() || chance(50)) {
    if (const auto trial = next_to_lease(study_)) lease_or_begin(*trial);
    return;
  }
  const int trial = *std::next(study_.leased.begin(), below(study_.leased.size()));
  if (chance(20)) return must(TrialReturned{trial, study_.open.at(trial).trial.lease.fence});
  if (room(study_) > 0) begin(trial);  // else one of its worker's own has to end first
}

void Walk::lease_or_begin(int trial) {
  if (study_.progress.state != StudyState::running) return;
  const std::int64_t fence = study_.open.at(trial).trial.lease.fence + 1;
  if (chance(50)) return must(TrialLeased{trial, any_worker(), fence});
  if (room(study_) > 0) begin(trial);
}

// What a pruner says of a report.
void Walk::pruner_acts() {
  for (const auto& [number, live] : study_.open) {
    const bool is_judged = live.attempt && live.attempt->decision.verdict != Verdict::go_on;
    if (!study_.running.contains(number) || !is_live(live.attempt->state) || is_judged) continue;
    const Verdict verdict = chance(50) ? Verdict::stop : Verdict::pause;
    return must(TrialPruning{number, live.attempt->number, {verdict, 1, "worse than others"}});
  }
}

// Of a trial that is leased, by its worker; of another one, by any.
void Walk::begin(int trial) {
  const Trial& waiting = study_.open.at(trial).trial;
  const bool is_leased = !waiting.lease.worker.empty();
  must(AttemptStarted{.trial = trial, .attempt = waiting.attempts + 1,
                      .worker = is_leased ? waiting.lease.worker : any_worker(),
                      .fence = waiting.lease.fence + (is_leased ? 0 : 1), .job = new_job()});
}

// Of a worker job that has asked, or one that was started by hand.
std::string Walk::any_worker() {
  for (const auto& [number, job] : study_.workers) {
    if (job.has_asked && chance(60)) return job.name + "-4711-9f3c";
  }
  return chance(50) ? "w" : "v";
}

void Walk::carry(const StartWorker& a) {  // new ones are counted in the order of their start
  const int number = study_.workers.contains(a.worker) ? a.worker : study_.progress.workers;
  must(WorkerSubmitting{number, "w" + std::to_string(number), new_job()});
}
void Walk::carry(const LocateWorker& a) { submission_news(study_.workers.at(a.worker)); }
void Walk::carry(const CancelWorker& a) {
  must(WorkerEnded{a.worker, chance(70) ? cancelled() : any_outcome()});
}
void Walk::carry(const DropWorker& a) { must(WorkerEnded{a.worker, cancelled()}); }

void Walk::submission_news(const WorkerJob& worker) {
  const Attempt a = worker.attempt;
  switch (below(8)) {
    case 0: return must(WorkerRejected{a.number, "no"});
    case 1: return must(WorkerAbsent{a.number, ""});
    case 2: return must(WorkerEnded{a.number, chance(40) ? cancelled() : any_outcome()});
    case 3:
      if (a.state == AttemptState::submitting) must(WorkerUnknown{a.number});
      return;
    default: return must(WorkerSubmitted{a.number, a.job, "id", chance(50)});
  }
}

// One that ends hands back what it has, or loses it.
void Walk::worker_job_news() {
  if (study_.workers.empty()) return;
  const auto job = std::next(study_.workers.begin(), below(study_.workers.size()))->second;
  const Attempt& a = job.attempt;
  if (!is_live(a.state)) return;
  if (!job.has_asked && !is_broken_ && chance(50)) return must(WorkerAsked{a.number});
  if (a.native_id.empty()) return submission_news(job);
  if (a.state == AttemptState::submitted && chance(60)) return must(WorkerRunning{a.number});
  if (chance(20)) must(WorkerEnded{a.number, any_outcome()});
}

}  // namespace hpo::engine
