// The kernels of a Parzen density along one axis of the unit cube.
//
// Where the axis is continuous: normal distributions, cut off at the cube, 0.7 times as wide as the
// farther of the two neighbours is away (Bergstra et al. 2011, section 4.2, has 1), and by default
// 0.07 of the axis at least: narrower ones find the same place again. Where it has cells, the mass
// of each cell; where it has no order, the observed value and a little of each other. The last
// kernel is the prior's. Immutable, any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "strategies/unit_cube.hpp"

namespace hpo {

class ParzenAxis {
 public:
  static constexpr double prior_weight = 1.0;
  static constexpr double width_least = 0.07;

  // `middles`: of each point, in [0, 1]; `narrowest`: the least width, in (0, 1].
  // REQUIRES: cube outlives this
  ParzenAxis(const UnitCube& cube, std::size_t axis, std::vector<double> middles,
             double narrowest = width_least);

  // The logarithm of what the cube holds of a normal distribution at `middle`.
  static double log_inside(double middle, double one_over_width);

  // Adds each kernel's logarithm of what no candidate changes. `known`: log_inside of the middles
  // at the least width, without the prior's, or none.
  void add_normalisers(std::vector<double>& logs, std::span<const double> known = {}) const;

  bool has_cells() const { return !shape_.empty(); }

  // Where it has cells: the logarithm of the mass of u's cell in each of the shapes that kernels
  // have here. Kernels of one value and one width share a shape.
  std::vector<double> masses(double u) const;

  // Adds to logs[i] that of kernel first + i; `masses` are those of u.
  void add(double u, std::span<const double> masses, std::size_t first,
           std::span<double> logs) const;

  // Draws from a kernel, u uniform in [0, 1): the middle of a cell, where it has cells.
  double draw(std::size_t kernel, double u) const;

 private:
  struct Shape {
    double middle = 0.0;
    double one_over_width = 0.0;
  };
  void find_widths(double narrowest);
  void find_values();
  std::vector<double> masses_without_order(double u) const;

  const UnitCube& cube_;
  std::size_t axis_;
  bool is_ordered_;
  double one_over_narrowest_;
  std::vector<double> middle_;            // of each kernel
  std::vector<double> one_over_width_{};  // of each kernel, where there is an order
  std::vector<std::uint32_t> shape_{};    // of each kernel, where there are cells
  std::vector<Shape> shapes_{};           // where there are cells and an order
  std::size_t values_ = 0;                // without order
  double log_same_ = 0.0;                 // without order: the observed value's share, …
  double log_other_ = 0.0;                // … and any other's
};

}  // namespace hpo
