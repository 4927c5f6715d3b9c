// What users do in a walk, and what nobody can have done.
#include <iterator>
#include <optional>

#include "tests/daemon/engine/walk.hpp"

namespace hpo::engine {

void Walk::user_acts() {
  if (is_ended(study_.progress.state)) return retry();
  switch (below(12)) {
    case 0: return must(StudyCancelling{});
    case 1:
    case 2: return cancel_trial();
    case 3: return retry();
    case 4: return enqueue();
    default: return toggle_pause();
  }
}

void Walk::toggle_pause() {
  if (study_.progress.state == StudyState::running) must(StudyPaused{});
  else if (study_.progress.state == StudyState::paused) must(StudyResumed{});
}

void Walk::enqueue() {
  const bool has_budget = study_.progress.created < study_.trials_total();
  if (!has_budget || study_.progress.state == StudyState::cancelling) return;
  must(TrialCreated{.trial = study_.progress.created, .origin = Origin::enqueued});
}

void Walk::cancel_trial() {
  if (study_.open.empty()) return;
  const auto& [number, live] = *std::next(study_.open.begin(), below(study_.open.size()));
  const bool has_job = live.attempt && is_live(live.attempt->state);
  must(has_job ? Body(TrialCancelling{number}) : Body(TrialCancelled{number}));
}

// Each failed trial once, so that walks end.
void Walk::retry() {
  if (study_.progress.state == StudyState::cancelling) return;
  for (const auto& [number, trial] : rows_.trials()) {
    if (trial.state != TrialState::failed || !retried_.insert(number).second) continue;
    if (is_ended(study_.progress.state)) must(StudyReopened{});
    return must(TrialCreated{.trial = study_.progress.created, .origin = Origin::retry,
                             .retry_of = number});
  }
}

Body Walk::anything() {
  const int trial = below(static_cast<std::size_t>(study_.progress.created) + 2) - 1;
  const int attempt = below(4);
  const Attempt* row = rows_.attempt(trial, attempt);
  const std::string job = row && chance(80) ? row->job : "nobody";
  const auto state = static_cast<StudyState>(below(words<StudyState>.size()));
  const auto origin = static_cast<Origin>(below(words<Origin>.size()));
  const Values values = chance(80) ? Values{} : Values{1.0};
  const auto repeated = chance(50) ? std::optional(trial) : std::nullopt;
  Outcome outcome = any_outcome();
  if (chance(20)) outcome.value.reset(), outcome.failure.reset();
  const std::vector<Body> of_studies = {
      StudyCreated{}, StudyPaused{}, StudyResumed{}, StudyReopened{}, StudyCancelling{},
      StudyEnded{state, StudyReason::user}, SpaceExhausted{}, TimePassed{},
      TrialRecommended{repeated, 1.0, below(4)}};
  const std::vector<Body> of_trials = {
      TrialCreated{trial, values, origin, repeated, {}}, TrialCancelling{trial},
      TrialCancelled{trial}, AttemptSubmitting{trial, attempt, new_job(), 0, {}},
      AttemptSubmitted{trial, attempt, job, "id", chance(50)}, AttemptRejected{trial, attempt},
      AttemptUnknown{trial, attempt, ""}, AttemptAbsent{trial, attempt, ""},
      AttemptRunning{trial, attempt}, AttemptEnded{trial, attempt, outcome},
      AttemptIncident{trial, attempt, ""}, TrialLeased{trial, "w", 1 + below(3)},
      TrialReturned{trial, 1 + below(3)},
      AttemptStarted{trial, attempt, chance(50) ? "w" : "other", 1 + below(3), new_job(), 0},
      TrialPruning{trial, attempt, {static_cast<Verdict>(below(3)), 0, "worse"}},
      TrialTakenUp{trial}, TrialPruned{trial}};
  if (study_.spec->has_worker_jobs() && chance(40)) return anything_of_workers();
  return chance(3) ? any_of(of_studies) : any_of(of_trials);
}

Body Walk::anything_of_workers() {
  const int worker = below(static_cast<std::size_t>(study_.progress.workers) + 2) - 1;
  const auto known = study_.workers.find(worker);
  const std::string job = known != study_.workers.end() ? known->second.attempt.job : "nobody";
  switch (below(8)) {
    case 0: return WorkerSubmitted{worker, job, "id", chance(50)};
    case 1: return WorkerRejected{worker};
    case 2: return WorkerUnknown{worker};
    case 3: return WorkerAbsent{worker};
    case 4: return WorkerRunning{worker};
    case 5: return WorkerAsked{worker};
    case 6: return WorkerEnded{worker, any_outcome()};
    default: return WorkerSubmitting{worker, "w" + std::to_string(worker), new_job()};
  }
}

}  // namespace hpo::engine
