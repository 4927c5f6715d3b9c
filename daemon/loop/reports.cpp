// See reports.hpp. Engine strand.
#include "daemon/loop/reports.hpp"

#include <algorithm>
#include <cmath>

namespace hpo::loop {
namespace {

// A training that tells every batch, or tells them downwards, must not fill the disk.
bool is_thinned(const store::ReportTail& tail, std::int64_t step) {
  if (tail.count >= trial_reports_max) return true;
  const std::int64_t distance = step - tail.last_step;
  return distance > 0 && distance < tail.last_step / dense_steps;
}

const std::string thinned = "beyond 1,024 steps only some are kept, a thousandth apart";

// A paused trial that runs again has been taken up, whatever it has told since.
void note_taken_up(Pruner& pruner, const engine::Study& study) {
  for (const auto& [number, live] : study.open) {
    const bool goes_on = live.trial.resumes > 0 && live.trial.state != TrialState::paused;
    const bool is_judged =
        live.trial.state == TrialState::running && !live.attempt->decision.goes_on();
    if (goes_on && !is_judged) pruner.taken_up(number);
  }
}

}  // namespace

Result<void> Reports::wake_pruner(StudyLoop& loop) {
  if (loop.pruner || loop.spec().pruner.type == "none") return {};
  auto made = Pruner::make(loop.spec());
  if (!made) return made.error();
  auto told = store_.retell(loop.id(), {
      .report = [&](const JudgedReport& row) { made->report(row.report); },
      .end = [&](int trial, TrialState state, double value) {
        made->finished(trial, state, value);
      }});
  if (!told) return told;
  note_taken_up(*made, loop.study);
  loop.pruner = *std::move(made);
  return {};
}

Result<store::ReportTail*> Reports::tail_of(StudyLoop& loop, int trial) {
  const auto known = loop.tails.find(trial);
  if (known != loop.tails.end()) return &known->second;
  auto tail = store_.report_tail(loop.id(), trial);
  if (!tail) return tail.error();
  return &loop.tails.emplace(trial, *tail).first->second;
}

// Once in the trial's history, or nobody would know why its pruner sees nothing.
Result<Heard> Reports::without_objective(StudyLoop& loop, const engine::LiveTrial& live,
                                         std::int64_t step) {
  const Attempt& attempt = *live.attempt;
  Heard heard{attempt.decision, "it has no '" + loop.spec().objective.metric +
                                    "', the study's objective"};
  if (!loop.without_objective.insert(live.trial.number).second) return heard;
  auto recorded = ledger_.record(
      loop, AttemptIncident{live.trial.number, attempt.number,
                            "step " + std::to_string(step) + " and those like it are not kept: " +
                                heard.ignored, attempt.job});
  if (!recorded) return recorded.error();
  return heard;
}

Result<Heard> Reports::tell(StudyLoop& loop, const engine::LiveTrial& live, StepTold told) {
  const int trial = live.trial.number;
  const Decision before = live.attempt->decision;
  const std::string& metric = loop.spec().objective.metric;
  auto objective = told.metrics.extract(metric);
  if (!objective) return without_objective(loop, live, told.step);
  auto tail = tail_of(loop, trial);
  if (!tail) return tail.error();
  if (told.step <= (*tail)->last_step) {
    auto is_known = store_.has_report(loop.id(), trial, told.step);
    if (!is_known) return is_known.error();
    if (*is_known) return Heard{before, ""};
  }
  if (is_thinned(**tail, told.step)) return Heard{before, thinned};
  const double value = std::isfinite(objective.mapped()) ? objective.mapped() : NAN;
  const Report report{.trial = trial, .step = told.step, .value = value,
                      .metrics = std::move(told.metrics), .attempt = live.attempt->number};
  auto decision = keep(loop, report, **tail);
  if (!decision) return decision.error();
  if (!before.goes_on()) return Heard{before, ""};
  if (decision->goes_on()) return Heard{*decision, ""};
  auto recorded = ledger_.record(loop, TrialPruning{trial, report.attempt, *decision});
  if (!recorded) return recorded.error();
  return Heard{*decision, ""};
}

Result<Decision> Reports::keep(StudyLoop& loop, const Report& report, store::ReportTail& tail) {
  if (auto awake = wake_pruner(loop); !awake) return awake.error();
  auto decision = ledger_.keep(loop, {.report = report}, [&](const Report& kept) {
    learn(loop, tail.last_step, kept);
    return loop.pruner ? loop.pruner->report(kept) : Decision{};
  });
  if (!decision) return decision;
  ++tail.count;
  tail.last_step = std::max(tail.last_step, report.step);
  return decision;
}

Result<Outcome> Reports::as_it_counts(StudyLoop& loop, const Attempt& attempt,
                                      Outcome outcome) {
  if (attempt.decision.goes_on() || outcome.status != OutcomeStatus::completed) return outcome;
  const auto tail = tail_of(loop, attempt.trial);
  if (!tail) return tail.error();
  const auto& fidelity = loop.spec().fidelity;
  if (fidelity && (*tail)->last_step >= fidelity->max) return outcome;
  outcome.status = OutcomeStatus::pruned;
  return outcome;
}

Result<bool> Reports::take_up(StudyLoop& loop, const engine::TakeUpPaused& wanted) {
  if (auto awake = wake_pruner(loop); !awake) return awake.error();
  const auto next = loop.pruner ? loop.pruner->take_up() : std::nullopt;
  if (next && loop.study.paused.contains(next->trial)) {
    auto recorded = ledger_.record(loop, TrialTakenUp{next->trial});
    if (!recorded) return recorded.error();
    loop.pruner->taken_up(next->trial);
    return true;
  }
  if (!wanted.is_last) return false;
  const std::set<int> rest = loop.study.paused;
  for (const int trial : rest) {
    if (auto recorded = ledger_.record(loop, TrialPruned{trial}); !recorded) {
      return recorded.error();
    }
  }
  return true;
}

}  // namespace hpo::loop
