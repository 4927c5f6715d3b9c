// All that a study's history tells `gp`: a model of the values, and one of where there are none.
//
// A cache of the history: it takes in what is new, and begins anew when that is no continuation.
// Completed trials have their value, pruned ones rank low, failed and infeasible ones are known to
// give none, cancelled ones say nothing. One thread at a time.
#pragma once

#include <optional>
#include <span>

#include "schema/history.hpp"
#include "schema/study.hpp"
#include "strategies/gp/axes.hpp"
#include "strategies/gp/surrogate.hpp"
#include "strategies/gp/trust_region.hpp"

namespace hpo::gp {

class Model {
 public:
  // REQUIRES: cube and axes outlive this
  Model(const UnitCube& cube, const Axes& axes, const Objective& objective);

  void take_in(const History& history);

  std::size_t completed() const { return completed_; }

  // Brings the models to what was taken in, with the fits that were due after so many finished
  // trials. REQUIRES: completed() > 0
  void follow(std::size_t fitted);
  void follow() { follow(finished_); }

  // The fits of both models, which another object of the same study may take.
  struct Fits {
    std::vector<Surrogate::Fit> values{};
    std::vector<Surrogate::Fit> feasible{};
  };
  Fits fit();  // all that are due
  void take(const Fits& fits);
  bool is_fit_due(std::size_t finished) const { return values_.is_due(finished); }
  std::size_t bytes() const { return values_.bytes() + feasible_.bytes(); }

  // Of completed and pruned trials.
  const Posterior& values() const { return values_.posterior(); }
  // Where to search, around a good point.
  Region region(const Vector& centre) const {
    return trust_region_.around(centre, values().kernel());
  }

  // The i-th point of values().
  Vector point(Index i) const { return values_.point(i); }

  // Where trials give values; null while all of them do.
  const Posterior* feasible() const;
  double feasible_middle() const;
  // How much its logarithm counts: more, the more trials gave none. Beyond a border the model of
  // values knows nothing and promises much; where failures are by chance, a weight changes nothing.
  double feasible_weight() const;

  // The point of values in the space; nullopt for others, which a user may put in the queue.
  std::optional<Vector> inside(std::span<const ParamValue> values) const;

 private:
  bool is_extended_by(const History& history) const;
  void clear();
  Surrogate::Targets value_targets() const;
  Surrogate::Targets feasible_targets() const;
  void add(const FinishedTrial& trial, const Vector& point);

  const UnitCube& cube_;
  const Axes& axes_;
  bool learns_noise_;
  double sign_;  // makes the larger value the better one
  Surrogate values_;
  Surrogate feasible_;
  std::vector<double> targets_{};    // per point of values_
  std::vector<char> is_bad_{};       // per point of values_: pruned
  std::vector<char> has_value_{};    // per point of feasible_
  TrustRegion trust_region_;
  std::size_t completed_ = 0;
  std::size_t finished_ = 0;         // trials taken in
  std::int64_t history_seq_ = 0;
};

}  // namespace hpo::gp
