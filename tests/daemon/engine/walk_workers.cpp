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
  if (chance(50)) return must(TrialLeased{trial, chance(50) ? "w" : "v", fence});
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
                      .worker = is_leased ? waiting.lease.worker : "w",
                      .fence = waiting.lease.fence + (is_leased ? 0 : 1), .job = new_job()});
}

}  // namespace hpo::engine
