// BOHB's model: TPE on what trials told at the highest rung that enough of them have reached.
//
// Falkner, Klein and Hutter (2018), arXiv:1807.01774, algorithm 2: with d parameters, from d + 3
// values on a rung has a model; a third of the trials is drawn whatever it says. Values of
// different rungs are never compared. Hyperband, the other half of the name, is a pruner:
// `hyperband`, or any of them.
//
// Here the drawn trials are those of a quasi-random sequence, and the best tenth is good, as with
// `tpe`: the paper's 15 %, at least d + 1 of them, did worse on simulated curves. The last rung,
// where a trial is whole, has the values with which trials completed. Who has no value at the rung,
// open or ended, is one that good ones are told from, as open trials are with `tpe`; so is who
// failed, or told no number.
#include <cmath>
#include <unordered_set>

#include "schema/rungs.hpp"
#include "strategies/options.hpp"
#include "strategies/random_bits.hpp"
#include "strategies/sobol_sequence.hpp"
#include "strategies/strategy.hpp"
#include "strategies/tpe_search.hpp"
#include "strategies/trials_by_number.hpp"
#include "strategies/unit_cube.hpp"

namespace hpo {
namespace {

// Else nothing that it told may be among the good values.
bool is_no_failure(const TrialsByNumber& trials, int trial) {
  const auto state = trials.state(trial);
  return state != TrialState::failed && state != TrialState::infeasible;
}

Values owned_values(const TrialsByNumber& trials, int trial) {
  const auto values = trials.values(trial);
  return {values.begin(), values.end()};
}

class BohbSearch final : public Strategy {
 public:
  BohbSearch(const StudySpec& spec, double random_fraction)
      : spec_(spec), cube_(spec.space), sequence_(cube_.dimension(), spec.seed),
        last_rung_(rung_steps(*spec.fidelity).size()), models_(last_rung_ + 1),
        random_fraction_(random_fraction) {}

  Result<Proposals> ask(const History& history, int first_number, int count) override {
    const TrialsByNumber known(history);
    const auto rung = rung_of_model(history, known);
    if (!rung) return drawn(first_number, count);
    History told = told_at(*rung, history, known);
    std::vector<OpenTrial> others = others_of(told, known);
    Proposals answer;
    const int end = first_number + count;
    for (int number = first_number, next = number; number < end; number = next) {
      while (next < end && is_drawn(next) == is_drawn(number)) ++next;
      told.set_open(others);
      auto made = is_drawn(number) ? Result<Proposals>(drawn(number, next - number))
                                   : model_of(*rung).ask(told, number, next - number);
      if (!made) return made;
      for (Proposal& each : made->proposals) {
        others.push_back({each.number, each.values});
        answer.proposals.push_back(std::move(each));
      }
    }
    return answer;
  }

  std::size_t kept_bytes(const History& history) const override {
    return Strategy::kept_bytes(history) +
           history.rung_value_count() * cube_.dimension() * sizeof(double);
  }

 private:
  std::size_t values_least() const { return cube_.dimension() + 3; }

  bool is_drawn(int number) const {
    return random_unit({.seed = spec_.seed, .trial = static_cast<std::uint64_t>(number),
                        .stream = Stream::decisions}) < random_fraction_;
  }

  Proposals drawn(int first_number, int count) const {
    Proposals answer;
    for (int number = first_number; number < first_number + count; ++number) {
      const auto point = sequence_.point(static_cast<std::uint32_t>(number));
      answer.proposals.push_back({number, cube_.from_unit(point)});
    }
    return answer;
  }

  static bool may_be_good(const RungValue& value, const TrialsByNumber& known) {
    return std::isfinite(value.value) && known.has(value.trial) &&
           is_no_failure(known, value.trial);
  }

  std::optional<std::size_t> rung_of_model(const History& history,
                                           const TrialsByNumber& known) const {
    std::vector<std::size_t> counts(last_rung_ + 1);
    for (std::size_t i = 0; i < history.rung_value_count(); ++i) {
      const RungValue& value = history.rung_value(i);
      if (may_be_good(value, known)) ++counts.at(static_cast<std::size_t>(value.rung));
    }
    for (std::size_t i = 0; i < history.finished_count(); ++i) {
      if (history.finished(i).state == TrialState::completed) ++counts[last_rung_];
    }
    for (std::size_t rung = last_rung_ + 1; rung-- > 0;) {
      if (counts[rung] >= values_least()) return rung;
    }
    return std::nullopt;
  }

  // A history in which the rung's values are final ones. It only grows, as the study's does.
  History told_at(std::size_t rung, const History& history, const TrialsByNumber& known) const {
    History told(history.dimension());
    if (rung == last_rung_) {
      for (std::size_t i = 0; i < history.finished_count(); ++i) {
        const FinishedTrial& trial = history.finished(i);
        if (trial.state == TrialState::completed) told.append(trial, history.values(i));
      }
      return told;
    }
    for (std::size_t i = 0; i < history.rung_value_count(); ++i) {
      const RungValue& value = history.rung_value(i);
      if (static_cast<std::size_t>(value.rung) != rung || !known.has(value.trial)) continue;
      const bool counts = may_be_good(value, known);
      told.append({.number = value.trial,
                   .state = counts ? TrialState::completed : TrialState::failed,
                   .value = counts ? value.value : 0.0, .history_seq = value.history_seq},
                  owned_values(known, value.trial));
    }
    return told;
  }

  // All but those that told: open ones for a model. What was cancelled says nothing, nor does what
  // completed without a word at the rung.
  static std::vector<OpenTrial> others_of(const History& told, const TrialsByNumber& known) {
    std::unordered_set<int> tellers;
    for (std::size_t i = 0; i < told.finished_count(); ++i) tellers.insert(told.finished(i).number);
    std::vector<OpenTrial> others;
    for (const int number : known.numbers()) {
      const auto state = known.state(number);
      const bool is_silent = state == TrialState::cancelled || state == TrialState::completed;
      if (is_silent || tellers.contains(number)) continue;
      others.push_back({number, owned_values(known, number)});
    }
    return others;
  }

  Strategy& model_of(std::size_t rung) {
    auto& model = models_[rung];
    if (!model) model = make_tpe_search(spec_, values_least());
    return *model;
  }

  StudySpec spec_;
  UnitCube cube_;
  SobolSequence sequence_;
  std::size_t last_rung_;
  std::vector<std::unique_ptr<Strategy>> models_;  // by rung; each keeps its trials' coordinates
  double random_fraction_;
};

}  // namespace

Result<std::unique_ptr<Strategy>> make_bohb(const StudySpec& spec) {
  const auto options = OptionValues::make(spec, "bohb");
  if (!options) return options.error();
  return std::unique_ptr<Strategy>(
      std::make_unique<BohbSearch>(spec, options->number("random_fraction")));
}

}  // namespace hpo
