// The one and only translation between a trial's values and coordinates in [0, 1].
//
// Every strategy thinks in the unit cube; none knows about log scales, steps or lists. A value of
// a list, an integer and a step own cells of equal width (on the log scale: [k - ½, k + ½] there).
// A parameter that cannot vary has no coordinate. The value is the truth: coordinates are never
// stored and never compared, since values -> unit -> values is exact for cells but not for
// floats, and not for integers that share their domain with more than 2^50 others. Coordinates
// 0 and 1 are the bounds exactly.
//
// A conditional parameter keeps its coordinate in every point; what it means depends on the
// others. From coordinates: from_unit takes the value away where the conditions do not hold, and
// active() tells so. To coordinates: what has no value stands in the middle, at `unused`. A model
// of distances should count an axis only between trials in which it is active in both, and a
// search should not care where an axis stands that is not.
// Immutable, any thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "schema/search_space.hpp"

namespace hpo {

class UnitCube {
 public:
  explicit UnitCube(SearchSpace space);

  std::size_t dimension() const { return axes_.size(); }
  const SearchSpace& space() const { return space_; }
  std::size_t parameter_of(std::size_t axis) const { return axes_[axis].parameter; }

  static constexpr double unused = 0.5;  // the coordinate of what has no value

  // Whether an axis has a value, of each axis. REQUIRES: as to_unit; as from_unit.
  std::vector<bool> active(std::span<const ParamValue> values) const;
  std::vector<bool> active_at(std::span<const double> coordinates) const;

  // False for choice and bool: their coordinates are no scale.
  bool is_ordered(std::size_t axis) const;

  // The coordinates that stand for the same value as u; a single one where the axis is continuous.
  struct Cell { double low = 0.0; double high = 0.0; };
  Cell cell(std::size_t axis, double u) const;

  // REQUIRES: space().contains(values)
  std::vector<double> to_unit(std::span<const ParamValue> values) const;

  // REQUIRES: coordinates.size() == dimension(). Coordinates outside [0, 1] count as its ends.
  Values from_unit(std::span<const double> coordinates) const;

 private:
  enum class Kind { cells, linear, log, log_integer };
  struct Axis {
    std::size_t parameter = 0;
    Kind kind = Kind::cells;
    double low = 0.0;         // ends of the scale: logarithms on a log scale
    double high = 1.0;
    std::uint64_t last = 0;   // of cells: the last one's index
  };
  Axis make_axis(std::size_t parameter) const;
  double coordinate(const Axis& axis, const ParamValue& value) const;
  ParamValue value(const Axis& axis, double u) const;
  const Domain& domain(const Axis& axis) const;

  SearchSpace space_;
  std::vector<Axis> axes_{};
  Values fixed_{};  // what every trial starts from: the values that cannot vary
};

}  // namespace hpo
