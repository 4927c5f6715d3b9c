// What open trials leave of the variance, however many they are: a point asks those nearest to it.
//
// Two factors. That of the finished trials stays as it is; open points are conditioned on beside
// it, in the process that it leaves: c(a, b) = k(a, b) - v_a·v_b with v = L⁻¹ k (Rasmussen and
// Williams 2006, appendix A.3, the Schur complement). Up to nearest_max open points all count, as
// if they were in the first factor; of more, those that are nearest in the kernel's distance: the
// others are hidden behind them (Vecchia 1988, "Estimation and model identification for continuous
// spatial processes"). The mean stays as it is: the targets of open points would equal it.
//
// An open point's v is computed when it is first asked for, and kept. One thread at a time.
#pragma once

#include <memory>

#include "strategies/gp/posterior.hpp"

namespace hpo::gp {

class OpenPoints {
 public:
  static constexpr Index nearest_max = 32;

  // REQUIRES: finished outlives this and stays as it is
  explicit OpenPoints(const Posterior& finished) : finished_(finished) {}

  void add(const Vector& point);

  Index size() const { return size_; }
  Vector point(Index i) const { return points_.col(i); }

  // Whether some are left out of a prediction.
  bool are_many() const { return size_ > nearest_max; }

  // The open points that a prediction takes into account, and their factor.
  struct Nearby {
    Table rows{};      // k × columns, scaled
    Table solved{};    // n × k: v
    Table factor{};    // k × k, lower triangle, of c and the noise
  };
  using Neighbours = std::vector<std::shared_ptr<const Nearby>>;

  // Of each point (axes × m). O(size) a point, and O(n nearest_max²)
  Neighbours neighbours(const Table& points) const;

  // Takes away what they know from the variance of a prediction of `finished`; `nearest` is the
  // distance to them too. workings: of that prediction. near: of each column.
  void condition(const Workings& workings, const Neighbours& near, Prediction& prediction) const;

  // Least r² from each point (axes × m) to an open one. O(size) a point
  Vector nearest(const Table& points) const;

 private:
  void allocate(Index count);
  std::vector<Index> nearest_rows(const Vector& at) const;
  std::shared_ptr<const Nearby> nearby(const std::vector<Index>& rows) const;
  const double* solved(Index i) const;

  const Posterior& finished_;
  Index size_ = 0;
  Table points_{};  // axes × allocated
  Table scaled_{};  // allocated × columns
  mutable std::vector<Vector> solved_{};  // v of each; empty until it is asked for
  mutable std::shared_ptr<const Nearby> all_{};  // while they are few
};

}  // namespace hpo::gp
