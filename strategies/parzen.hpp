// A density over the unit cube from points: a mixture of products, one kernel for each point and
// one for the prior.
//
// Bergstra et al. (2011), "Algorithms for hyper-parameter optimization", section 4, with the
// bandwidths of Optuna 5: along each axis a normal distribution, cut off at the cube, as wide as
// the farther of its two neighbours is away; the mass of a cell for what has cells; for what has
// no order the observed value and a little of each other. Immutable, any thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "strategies/unit_cube.hpp"

namespace hpo {

class Parzen {
 public:
  // `points`: count × dimension, point by point; `weights`: one each, of any sum.
  // The prior's kernel has weight 1. REQUIRES: cube outlives this
  Parzen(const UnitCube& cube, std::span<const double> points, std::span<const double> weights);

  // Up to a constant that depends on the cube alone.
  double log_density(std::span<const double> point) const;

  // A point of the density, each coordinate in the middle of its cell. unit(i): uniform in [0, 1),
  // of address i; 0 chooses the kernel, a + 1 the coordinate of axis a.
  template <class Unit>
  std::vector<double> draw(Unit unit) const {
    const std::size_t kernel = kernel_at(unit(0));
    std::vector<double> point(axes_.size());
    for (std::size_t a = 0; a < point.size(); ++a) point[a] = coordinate(kernel, a, unit(a + 1));
    return point;
  }

 private:
  struct Axis {
    std::vector<double> middle{};          // of each kernel; the prior's is the last
    std::vector<double> one_over_width{};
    double log_same = 0.0;                 // without order: the observed value's share, …
    double log_other = 0.0;                // … any other's, …
    double log_prior = 0.0;                // … and each one's in the prior
  };
  Axis make_axis(std::size_t axis, std::span<const double> points) const;
  std::vector<double> widths(const std::vector<double>& middles) const;
  void add_normalisers(std::size_t axis);
  void add_axis(std::size_t axis, double u, std::vector<double>& logs) const;
  std::size_t kernel_at(double u) const;
  double coordinate(std::size_t kernel, std::size_t axis, double u) const;

  const UnitCube& cube_;
  std::size_t kernels_ = 1;
  std::vector<Axis> axes_{};
  std::vector<double> cumulated_{};  // weights, normalised
  std::vector<double> constants_{};  // of each kernel: log weight, and what no candidate changes
};

}  // namespace hpo
