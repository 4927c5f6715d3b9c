// What all rules have in front of them: order, direction, and ends. See pruner.hpp.
#include "strategies/pruners/pruner.hpp"

#include <cmath>
#include <limits>

#include "schema/assert.hpp"

namespace hpo {

Result<Pruner> Pruner::make(const StudySpec& spec) {
  const auto entry = find_pruner(spec);
  if (!entry) return entry.error();
  auto rule = entry->make(spec);
  if (!rule) return rule.error();
  return Pruner(*std::move(rule), spec);
}

Pruner::Pruner(std::unique_ptr<Rule> rule, const StudySpec& spec)
    : rule_(std::move(rule)), sign_(spec.objective.direction == Direction::minimize ? 1.0 : -1.0) {
  if (spec.fidelity) steps_max_ = spec.fidelity->max;
}

bool Pruner::is_over(int trial) const {
  const auto index = static_cast<std::size_t>(trial);
  return index < is_over_.size() && is_over_[index];
}

double Pruner::loss_of(double value) const {
  return std::isfinite(value) ? sign_ * value : std::numeric_limits<double>::infinity();
}

Decision Pruner::report(const Report& report) {
  HPO_ASSERT(report.trial >= 0, "trials are numbered from 0; the store assigns them");
  if (is_over(report.trial)) return {.verdict = Verdict::stop, .reason = "the trial has ended"};
  OpenTrial& trial = open_[report.trial];
  if (report.is_late) return hear_late(trial, report);
  if (report.attempt > trial.attempt) taken_up(report.trial);
  if (!trial.decision.goes_on()) return trial.decision;
  Decision decision = judge(trial, report);
  if (!decision.goes_on()) {
    trial.decision = decision;
    trial.attempt = report.attempt;
  }
  return decision;
}

Decision Pruner::judge(OpenTrial& trial, const Report& report) {
  if (report.step < 0) return {};
  if (!rule_->takes_any_order() && report.step <= trial.last_step) return {};
  trial.last_step = report.step;
  Decision decision = rule_->judge(
      {.trial = report.trial, .step = report.step, .loss = loss_of(report.value)});
  if (report.step < steps_max_) return decision;
  HPO_ASSERT(decision.verdict != Verdict::pause, "rungs lie below max, where trials may pause");
  return {};  // the training is whole: to stop it would save nothing, and lose its result
}

// The trial has a result, so nothing is left to decide; its values count among those of others.
Decision Pruner::hear_late(OpenTrial& trial, const Report& report) {
  const bool may_judge = trial.decision.goes_on();
  if (may_judge && judge(trial, report).verdict == Verdict::pause) rule_->taken_up(report.trial);
  return {};
}

void Pruner::finished(int trial, TrialState state, double value) {
  HPO_ASSERT(trial >= 0 && is_finished(state), "only a final state ends a trial");
  if (is_over(trial)) return;
  const auto index = static_cast<std::size_t>(trial);
  if (index >= is_over_.size()) is_over_.resize(index + 1);
  is_over_[index] = true;
  open_.erase(trial);
  const bool has_completed = state == TrialState::completed;
  rule_->end(trial, has_completed, has_completed ? loss_of(value) : loss_of(NAN));
}

void Pruner::taken_up(int trial) {
  const auto found = open_.find(trial);
  if (found == open_.end() || found->second.decision.verdict != Verdict::pause) return;
  found->second.decision = {};
  rule_->taken_up(trial);
}

std::size_t Pruner::kept_bytes() const {
  constexpr std::size_t reason_bytes = 64;
  return rule_->kept_bytes() + is_over_.capacity() / 8 +
         open_.size() * (sizeof(OpenTrial) + reason_bytes);
}

}  // namespace hpo
