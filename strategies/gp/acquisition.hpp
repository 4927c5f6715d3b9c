// What a point promises: the function whose maximum is the next proposal.
//
// Two kinds. `improve`: log EI with the variance that open trials leave. `explore`: the pure
// exploration of GP-UCB-PE, the largest variance that open trials leave where the optimum may still
// be: Contal et al. (2013), "Parallel Gaussian process optimization with upper confidence bound and
// pure exploration", in the form of Song et al. (2024): σ_all + 10 min(μ + σ/2 - τ, 0).
// Both times the chance of a value at all. One thread at a time.
#pragma once

#include "strategies/gp/posterior.hpp"

namespace hpo::gp {

struct AcquisitionValues {
  Vector values{};    // -infinity at a point that is one of the trials', if those are excluded
  Table slopes{};     // axes × m, if wanted
};

// The threshold τ of explore: the mean where μ + 1.8 σ is largest among these points (axes × m,
// m > 0), which are known to be good or open.
double exploration_threshold(const Posterior& finished, const Table& points);

class Acquisition {
 public:
  enum class Kind { improve, explore };
  struct Setting {
    Kind kind = Kind::improve;
    double threshold = 0.0;    // f* of improve, τ of explore
    bool excludes_tried = true;
    const Posterior* feasible = nullptr;  // null: all trials gave a value
    double feasible_middle = 0.0;
  };

  // `finished` has the trials with a value; `all` the same, and the open ones appended.
  // REQUIRES: all three outlive this
  Acquisition(const Posterior& finished, const Posterior& all, const Setting& setting)
      : finished_(finished), all_(all), setting_(setting) {}

  // points: axes × m, a point a column. O(n²) a point
  AcquisitionValues values(const Table& points, Want want) const;

  // Never below values() but for rounding, at a price of O(n) a point.
  Vector bounds(const Table& points) const;

 private:
  AcquisitionValues join(const Prediction& all, const Prediction& finished) const;
  void improve(const Prediction& all, AcquisitionValues& result) const;
  void explore(const Prediction& all, const Prediction& finished, AcquisitionValues& result) const;
  void exclude(const Prediction& all, AcquisitionValues& result) const;

  const Posterior& finished_;
  const Posterior& all_;
  Setting setting_;
};

}  // namespace hpo::gp
