// All that a study's history tells `gp`: a model of the values, and one of where there are none.
//
// A cache of the history: it takes in what is new, and begins anew when that is no continuation.
// Completed trials have their value, pruned ones rank low, failed and infeasible ones are known to
// give none, cancelled ones say nothing. With levels, for `mobster`, also what trials told at rungs
// is a value, at its level: points have one coordinate more. One thread at a time.
#pragma once

#include <optional>
#include <span>

#include "schema/history.hpp"
#include "schema/study.hpp"
#include "strategies/gp/axes.hpp"
#include "strategies/gp/levels.hpp"
#include "strategies/gp/observations.hpp"
#include "strategies/gp/surrogate.hpp"
#include "strategies/gp/tried_points.hpp"
#include "strategies/gp/trust_region.hpp"

namespace hpo::gp {

class Model {
 public:
  // levels: in [0, 1], of each rung and of whole trials; none: axes has no level.
  // REQUIRES: cube and axes outlive this
  Model(const UnitCube& cube, const Axes& axes, const Objective& objective,
        std::vector<double> levels = {});

  void take_in(const History& history);

  // Trials with a value: completed ones, or those that told one at the level of most.
  std::size_t told() const;
  bool has_told(int trial) const { return observations_->level_of(trial) >= 0; }

  // Brings the models to what was taken in, with the fits that this history allows.
  // REQUIRES: told() > 0
  void follow(const History& history);

  // The level to search at: the highest with enough values for a model, else that of most.
  std::size_t level() const;
  // There is nothing more to learn at that level of a trial.
  bool knows(int trial) const;

  // The fits of both models, which another object of the same study may take.
  struct Fits {
    std::vector<Surrogate::Fit> values{};
    std::vector<Surrogate::Fit> feasible{};
  };
  Fits fit();  // all that are due
  void take(const Fits& fits);
  bool is_fit_due(const History& history) const {
    return values_.is_due(observations_->events(history));
  }
  std::size_t bytes() const;

  // Of completed and pruned trials, or of what was told at each level.
  const Posterior& values() const { return values_.posterior(); }
  // Where to search, around a good point.
  Region region(const Vector& centre) const;

  // The i-th point of values(), at the level to search at.
  Vector point(Index i) const;
  bool has_levels() const { return !levels_.empty(); }

  // With levels: all that was tried at one of them; else null.
  const TriedPoints* tried() const { return has_levels() ? &tried_ : nullptr; }
  bool has_failed(const Vector& point) const { return failed_.contains(point); }

  // Where trials give values; null while all of them do.
  const Posterior* feasible() const;
  double feasible_middle() const;
  // How much its logarithm counts: more, the more trials gave none. Beyond a border the model of
  // values knows nothing and promises much; where failures are by chance, a weight changes nothing.
  double feasible_weight() const;

  // The point of values in the space, at the level to search at; nullopt for others, which a user
  // may put in the queue.
  std::optional<Vector> inside(std::span<const ParamValue> values) const {
    return inside(values, level());
  }

 private:
  void clear();
  Surrogate::Targets value_targets() const;
  Surrogate::Targets feasible_targets() const;
  std::optional<Vector> inside(std::span<const ParamValue> values, std::size_t level) const;
  void add(const Observation& seen);
  void add_value(const Observation& seen, const Vector& point);

  const UnitCube& cube_;
  const Axes& axes_;
  bool learns_noise_;
  double sign_;  // makes the larger value the better one
  Surrogate values_;
  Surrogate feasible_;
  std::vector<double> levels_{};
  std::optional<Observations> observations_{};  // always one
  std::vector<LevelValue> told_{};              // per point of values_
  std::vector<char> has_value_{};               // per point of feasible_
  std::size_t failures_ = 0;                    // of them none
  std::vector<std::size_t> counts_{};           // of values, by level
  TriedPoints tried_;
  TriedPoints failed_;  // whatever they told before
  TrustRegion trust_region_;
};

}  // namespace hpo::gp
