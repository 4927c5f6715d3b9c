// Which points were tried, at whatever level: to try one again at another would be no new trial.
//
// O(log n) a point. One thread at a time.
#pragma once

#include <set>
#include <vector>

#include "strategies/gp/matrix.hpp"

namespace hpo::gp {

class TriedPoints {
 public:
  // axes: of a point, but for the level, which is the last coordinate.
  explicit TriedPoints(Index axes) : axes_(axes) {}

  void add(const Vector& point) { points_.insert(key(point)); }
  bool contains(const Vector& point) const { return points_.contains(key(point)); }
  std::size_t size() const { return points_.size(); }

 private:
  std::vector<double> key(const Vector& point) const {
    return {point.begin(), point.begin() + axes_};
  }
  Index axes_ = 0;
  std::set<std::vector<double>> points_{};
};

}  // namespace hpo::gp
