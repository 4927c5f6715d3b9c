// See halving.hpp.
#include "strategies/pruners/halving.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "schema/assert.hpp"
#include "schema/rungs.hpp"
#include "strategies/pruners/reason.hpp"
#include "strategies/random_bits.hpp"

namespace hpo::pruning {
namespace {

// How many of n losses are the best.
std::size_t best_count(std::size_t n, double eta) {
  return static_cast<std::size_t>(static_cast<double>(n - 1) / eta) + 1;
}

}  // namespace

Halving::Halving(const StudySpec& spec, bool pauses, BracketSizes sizes)
    : direction_(spec.objective.direction), seed_(spec.seed), steps_max_(spec.fidelity->max),
      eta_(spec.fidelity->eta), pauses_(pauses), sizes_(std::move(sizes)),
      steps_(rung_steps(*spec.fidelity)),
      brackets_(sizes_.size(), std::vector<Rung>(steps_.size())) {}

std::size_t Halving::bracket_of(int trial) const {
  if (sizes_.size() == 1) return 0;
  const double total = std::accumulate(sizes_.begin(), sizes_.end(), 0.0);
  double left = total * random_unit({.seed = seed_, .trial = static_cast<std::uint64_t>(trial),
                                     .stream = Stream::bracket});
  for (std::size_t b = 0; b + 1 < sizes_.size(); ++b) {
    left -= sizes_[b];
    if (left < 0.0) return b;
  }
  return sizes_.size() - 1;
}

Halving::Place& Halving::place_of(int trial) {
  const auto [found, is_new] = places_.try_emplace(trial);
  if (is_new) found->second.bracket = found->second.next = bracket_of(trial);
  return found->second;
}

Decision Halving::judge(const Observation& observation) {
  Place& place = place_of(observation.trial);
  const auto above = std::upper_bound(steps_.begin(), steps_.end(), observation.step);
  const auto reached = static_cast<std::size_t>(above - steps_.begin());  // so many rungs
  if (reached <= place.next || observation.step >= steps_max_) return {};
  place.next = reached;
  return choose(brackets_[place.bracket][reached - 1], place, observation);
}

// Promotion only: from eta trials on there is a best fraction.
bool Halving::has_choice(const Rung& rung) const {
  return !pauses_ || static_cast<double>(rung.losses.size()) >= eta_;
}

Decision Halving::choose(Rung& rung, Place& place, const Observation& observation) {
  const double loss = observation.loss;
  rung.losses.add(loss, best_count(rung.losses.size() + 1, eta_));
  const bool is_number = std::isfinite(loss);
  const bool is_among = is_number && has_choice(rung) && loss <= rung.losses.low_max();
  Decision decision{.rung = static_cast<int>(place.next) - 1,
                    .reason = reason(rung, observation, is_among)};
  if (is_among) return decision;
  decision.verdict = pauses_ && is_number ? Verdict::pause : Verdict::stop;
  if (decision.verdict == Verdict::stop) return decision;
  rung.paused.emplace(loss, observation.trial);
  place.paused_loss = loss;
  place.is_paused = true;
  return decision;
}

std::string Halving::reason(const Rung& rung, const Observation& observation,
                            bool is_among) const {
  const std::string count = std::to_string(rung.losses.size());
  if (!std::isfinite(observation.loss)) {
    return "the value at step " + std::to_string(observation.step) + " is not a finite number";
  }
  std::string text = value_at(observation.loss, observation.step, direction_);
  if (!has_choice(rung)) return text + " waits for others: it is number " + count + " at that rung";
  if (rung.losses.size() == 1) return text + " is the first at that rung";
  return text + (is_among ? " is" : " is not") + " among the best " + fraction_words(eta_) +
         " of " + count + " at that rung";
}

void Halving::end(int trial, bool, double) {
  const auto found = places_.find(trial);
  if (found == places_.end()) return;
  if (found->second.is_paused) taken_up(trial);
  places_.erase(trial);
}

std::optional<TakeUp> Halving::take_up() const {
  for (std::size_t rung = steps_.size(); rung-- > 0;) {
    for (const std::vector<Rung>& bracket : brackets_) {
      const Rung& here = bracket[rung];
      if (here.paused.empty() || !has_choice(here)) continue;
      const auto& [loss, trial] = *here.paused.begin();
      if (loss <= here.losses.low_max()) return TakeUp{trial, static_cast<int>(rung)};
    }
  }
  return std::nullopt;
}

void Halving::taken_up(int trial) {
  Place& place = places_.find(trial)->second;
  HPO_ASSERT(place.is_paused, "only a paused trial is taken up");
  brackets_[place.bracket][place.next - 1].paused.erase({place.paused_loss, trial});
  place.is_paused = false;
}

std::size_t Halving::kept_bytes() const {
  std::size_t bytes = places_.size() * 2 * sizeof(Place);
  for (const std::vector<Rung>& bracket : brackets_) {
    for (const Rung& rung : bracket) {
      bytes += rung.losses.size() * sizeof(double) + rung.paused.size() * 64;
    }
  }
  return bytes;
}

}  // namespace hpo::pruning
