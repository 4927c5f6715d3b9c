// What a search over the unit cube needs to know of its axes: which move smoothly, which by values.
//
// An ordered axis of many values moves smoothly and is brought to a value at the end. With a level,
// the last axis says how far a trial had come: no search moves along it, its region is of no width.
// Immutable, any thread.
#pragma once

#include <vector>

#include "strategies/gp/matrix.hpp"
#include "strategies/unit_cube.hpp"

namespace hpo::gp {

class Axes {
 public:
  // REQUIRES: cube outlives this
  explicit Axes(const UnitCube& cube, bool has_level = false);

  Index size() const { return static_cast<Index>(is_smooth_.size()); }
  Index searched() const { return static_cast<Index>(cube_.dimension()); }  // but for the level
  const std::vector<char>& is_ordered() const { return is_ordered_; }
  bool is_smooth(Index axis) const { return is_smooth_[static_cast<std::size_t>(axis)] != 0; }
  bool is_continuous(Index axis) const { return counts_[static_cast<std::size_t>(axis)] == 0; }

  // Per axis: not active in every point. Empty: all are.
  const std::vector<char>& is_conditional() const { return is_conditional_; }

  bool are_continuous() const { return are_continuous_; }  // and always active, all of them

  // All axes that are searched, those that decide before those whose activity they decide.
  const std::vector<Index>& parents_first() const { return parents_first_; }

  // The middle of the cell of each coordinate; `absent` where the axis is not active. An axis that
  // is active and was absent is put in the middle of its range.
  void snap(Eigen::Ref<Vector> point) const;

  // Middles of other cells, to try in place of u: all of them if they are few or have no order,
  // else some neighbours. None of a continuous or an absent axis.
  std::vector<double> others(Index axis, double u) const;

 private:
  void add_level();
  double middle(Index axis, double u) const;
  void settle(Eigen::Ref<Vector> point) const;

  const UnitCube& cube_;
  std::vector<char> is_ordered_{};
  std::vector<char> is_smooth_{};
  std::vector<char> is_conditional_{};
  std::vector<Index> parents_first_{};
  std::vector<std::uint64_t> counts_{};  // of values; 0: continuous
  bool are_continuous_ = true;
};

}  // namespace hpo::gp
