// What of a trial's coordinates is drawn how: numbers from the normal distribution, choices from
// the categorical one.
//
// Coordinates of the normal distribution have no bounds: floats are folded into the cube
// (bounds.hpp), an integer beyond its range is its last value. A list without order, a bool
// and whatever has two values are choices. Immutable, any thread.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "strategies/unit_cube.hpp"

namespace hpo {

struct CmaDraw {
  std::vector<double> x{};                // of the normal distribution
  std::vector<std::size_t> categories{};  // which value of each choice
};

class CmaLayout {
 public:
  // Finer ones are as good as continuous.
  static constexpr std::uint64_t integer_values_max = std::uint64_t{1} << 20U;

  // REQUIRES: cube outlives this
  explicit CmaLayout(const UnitCube& cube);

  std::size_t numbers() const { return numbers_.size(); }
  const std::vector<std::size_t>& integers() const { return integers_; }  // which of the numbers
  const std::vector<std::size_t>& counts() const { return counts_; }      // values of each choice

  UnitCube::Cell integer_cell(std::size_t integer, double u) const;

  // Coordinates in the cube.
  std::vector<double> point(const CmaDraw& draw) const;

  // A draw that stands for the point; its integers lie in the middle of their cells.
  CmaDraw draw_of(std::span<const double> point) const;

 private:
  struct Number {
    std::size_t axis = 0;
    bool is_integer = false;
  };
  const UnitCube* cube_ = nullptr;
  std::vector<Number> numbers_{};
  std::vector<std::size_t> integers_{};
  std::vector<std::size_t> choices_{};  // axes
  std::vector<std::size_t> counts_{};
};

}  // namespace hpo
