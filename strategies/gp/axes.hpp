// What a search over the unit cube needs to know of its axes: which move smoothly, which by values.
//
// An ordered axis of many values moves smoothly and is brought to a value at the end. Immutable,
// any thread.
#pragma once

#include <vector>

#include "strategies/gp/matrix.hpp"
#include "strategies/unit_cube.hpp"

namespace hpo::gp {

class Axes {
 public:
  // REQUIRES: cube outlives this
  explicit Axes(const UnitCube& cube);

  Index size() const { return static_cast<Index>(is_smooth_.size()); }
  const std::vector<char>& is_ordered() const { return is_ordered_; }
  bool is_smooth(Index axis) const { return is_smooth_[static_cast<std::size_t>(axis)] != 0; }
  bool is_continuous(Index axis) const { return counts_[static_cast<std::size_t>(axis)] == 0; }

  bool are_continuous() const { return are_continuous_; }

  // The middle of the cell of each coordinate.
  void snap(Eigen::Ref<Vector> point) const;

  // Middles of other cells, to try in place of u: all of them if they are few or have no order,
  // else some neighbours. None of a continuous axis.
  std::vector<double> others(Index axis, double u) const;

 private:
  double middle(Index axis, double u) const;

  const UnitCube& cube_;
  std::vector<char> is_ordered_{};
  std::vector<char> is_smooth_{};
  std::vector<std::uint64_t> counts_{};  // of values; 0: continuous
  bool are_continuous_ = true;           // all of them
};

}  // namespace hpo::gp
