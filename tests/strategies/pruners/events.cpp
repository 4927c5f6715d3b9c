// See events.hpp.
#include "tests/strategies/pruners/events.hpp"

#include <algorithm>
#include <cmath>

#include "schema/assert.hpp"
#include "strategies/random_bits.hpp"

namespace hpo::test {

StudySpec pruned_study(std::string type, std::map<std::string, ParamValue> options) {
  StudySpec spec;
  spec.seed = 7;
  spec.objective.metric = "loss";
  spec.fidelity = FidelitySpec{.name = "epochs", .min = 1, .max = 27, .eta = 3.0,
                               .checkpoint = true};
  spec.pruner = {.type = std::move(type), .options = std::move(options)};
  return spec;
}

Pruner make_pruner(const StudySpec& spec) {
  auto pruner = Pruner::make(spec);
  HPO_ASSERT(pruner.has_value(), "the tests' studies name pruners and options that there are");
  return *std::move(pruner);
}

Report report_of(int trial, std::int64_t step, double value) {
  return {.trial = trial, .step = step, .value = value};
}

Decision tell(Pruner& pruner, const PrunerEvent& event) {
  switch (event.kind) {
    case PrunerEvent::Kind::report: return pruner.report(event.report);
    case PrunerEvent::Kind::finished:
      pruner.finished(event.report.trial, event.state, event.value);
      break;
    case PrunerEvent::Kind::taken_up: pruner.taken_up(event.report.trial); break;
  }
  return {};
}

std::uint64_t Trainings::draw() { return mix(seed_ ^ mix(draws_++)); }

double Trainings::value() {
  if (below(20) == 0) return NAN;
  if (below(50) == 0) return below(2) == 0 ? INFINITY : -INFINITY;
  return (static_cast<double>(below(40)) - 20.0) / 8.0;
}

PrunerEvent Trainings::end(std::size_t slot, TrialState state) {
  const PrunerEvent event{.kind = PrunerEvent::Kind::finished,
                          .report = {.trial = running_[slot].trial, .seq = ++seq_},
                          .state = state, .value = value()};
  running_.erase(running_.begin() + static_cast<std::ptrdiff_t>(slot));
  return event;
}

PrunerEvent Trainings::report(Training& training) {
  const auto chance = below(12);
  if (chance == 0) training.step = std::max<std::int64_t>(0, training.step - 3);  // began again
  else if (chance > 1) training.step += 1 + static_cast<std::int64_t>(below(5) == 0 ? below(9) : 0);
  PrunerEvent event{.report = report_of(training.trial, training.step, value())};
  event.report.seq = ++seq_;
  return event;
}

PrunerEvent Trainings::next(const std::optional<TakeUp>& take_up) {
  if (std::ssize(running_) < slots_) {
    const auto chosen = std::find_if(paused_.begin(), paused_.end(), [&](const Training& each) {
      return take_up && each.trial == take_up->trial;
    });
    if (chosen != paused_.end() && below(4) > 0) {
      running_.push_back(*chosen);
      running_.back().verdict = Verdict::go_on;
      paused_.erase(chosen);
      return {.kind = PrunerEvent::Kind::taken_up,
              .report = {.trial = running_.back().trial, .seq = ++seq_}};
    }
    running_.push_back({.trial = next_trial_++});
  }
  const auto slot = static_cast<std::size_t>(below(running_.size()));
  Training& training = running_[slot];
  if (training.verdict == Verdict::stop && below(4) > 0) return end(slot, TrialState::pruned);
  if (training.verdict == Verdict::pause && below(4) > 0) {
    paused_.push_back(training);
    running_.erase(running_.begin() + static_cast<std::ptrdiff_t>(slot));
    return next(take_up);
  }
  constexpr TrialState ends[] = {TrialState::completed, TrialState::failed, TrialState::infeasible,
                                 TrialState::cancelled};
  if (training.step >= 27 || below(25) == 0) return end(slot, TrialState::completed);
  if (below(60) == 0) return end(slot, ends[below(std::size(ends))]);
  return report(training);
}

void Trainings::decided(const PrunerEvent& event, const Decision& decision) {
  for (Training& training : running_) {
    if (training.trial == event.report.trial) training.verdict = decision.verdict;
  }
}

}  // namespace hpo::test
