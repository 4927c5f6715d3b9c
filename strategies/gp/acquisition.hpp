// What a point promises: the function whose maximum is the next proposal.
//
// Two kinds. `improve`: augmented log EI with the variance that open trials leave. `explore`: the
// pure exploration of GP-UCB-PE, the largest variance that open trials leave where the optimum may
// still be: Contal et al. (2013), "Parallel Gaussian process optimization with upper confidence
// bound and pure exploration", in the form of Song et al. (2024): σ_all + 10 min(μ + σ/2 - τ, 0).
// Both times the chance of a value at all. One thread at a time.
#pragma once

#include "strategies/gp/open_points.hpp"
#include "strategies/gp/tried_points.hpp"

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
    const TriedPoints* tried = nullptr;  // more of them, which the model knows at other levels
    const Posterior* feasible = nullptr;  // of all axes but a level; null: all trials gave a value
    double feasible_middle = 0.0;
    double feasible_weight = 1.0;  // of the logarithm of the chance of a value
    // There may be values where trials failed later: bounds count the chance too, else the best of
    // them would all lie there.
    bool bounds_feasible = false;
  };

  // `finished` has the trials with a value; `open` those without one yet.
  // REQUIRES: these, setting.tried and setting.feasible outlive this
  Acquisition(const Posterior& finished, const OpenPoints& open, const Setting& setting)
      : finished_(finished), open_(open), setting_(setting) {}

  // points: axes × m, a point a column. O(n²) a point
  AcquisitionValues values(const Table& points, Want want) const {
    return values(points, want, neighbours(points));
  }

  // With open trials as they are near other points: a smooth function of the points, even where
  // there are many open trials.
  AcquisitionValues values(const Table& points, Want want,
                           const OpenPoints::Neighbours& near) const;
  OpenPoints::Neighbours neighbours(const Table& points) const { return open_.neighbours(points); }

  // Whether a value depends on which open trials are near: each is dearer then.
  bool is_local() const { return open_.are_many(); }

  // Never below values() but for rounding, at a price of O(n) a point.
  Vector bounds(const Table& points) const;

 private:
  AcquisitionValues join(const Table& points, const Prediction& all,
                         const Prediction& finished) const;
  void improve(const Prediction& all, AcquisitionValues& result) const;
  void explore(const Prediction& all, const Prediction& finished, AcquisitionValues& result) const;
  void exclude(const Table& points, const Prediction& all, AcquisitionValues& result) const;

  const Posterior& finished_;
  const OpenPoints& open_;
  Setting setting_;
};

}  // namespace hpo::gp
