// A density over the unit cube from points: a mixture of products, one kernel for each point and
// one for the prior.
//
// Bergstra et al. (2011), "Algorithms for hyper-parameter optimization", section 4; along each
// axis as parzen_axis.hpp says. Immutable, any thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "strategies/parzen_axis.hpp"
#include "strategies/unit_cube.hpp"

namespace hpo {

class Parzen {
 public:
  // `points`: count × dimension, point by point; `weights`: one each, of any sum.
  // The prior's kernel has weight 1. `width_least`: see ParzenAxis. `inside`: of each coordinate
  // its ParzenAxis::log_inside at that width, or empty; they are most of the work here.
  // REQUIRES: cube outlives this
  Parzen(const UnitCube& cube, std::span<const double> points, std::span<const double> weights,
         double width_least = ParzenAxis::width_least, std::span<const double> inside = {});

  // Of each of `points`, count × dimension; up to a constant that depends on the cube alone.
  // For c points, n kernels and d axes: c n d multiply-adds, in blocks that stay in the L1 cache.
  std::vector<double> log_densities(std::span<const double> points) const;

  // A point of the density, each coordinate in the middle of its cell. unit(i): uniform in [0, 1),
  // of address i; 0 chooses the kernel, a + 1 the coordinate of axis a.
  template <class Unit>
  std::vector<double> draw(Unit unit) const {
    const std::size_t kernel = kernel_at(unit(0));
    std::vector<double> point(axes_.size());
    for (std::size_t a = 0; a < point.size(); ++a) point[a] = axes_[a].draw(kernel, unit(a + 1));
    return point;
  }

  // As draw, but each axis has, with chance one half, a kernel of its own: what is good of one
  // point stands beside what is good of another. other(a): uniform in [0, 1), of axis a.
  template <class Unit, class Other>
  std::vector<double> draw_mixed(Unit unit, Other other) const {
    const std::size_t kernel = kernel_at(unit(0));
    std::vector<double> point(axes_.size());
    for (std::size_t a = 0; a < point.size(); ++a) {
      const double u = other(a);
      point[a] = axes_[a].draw(u < 0.5 ? kernel : kernel_at(2.0 * u - 1.0), unit(a + 1));
    }
    return point;
  }

 private:
  std::size_t kernel_at(double u) const;

  std::vector<ParzenAxis> axes_{};
  std::vector<double> cumulated_{};  // weights, normalised
  std::vector<double> constants_{};  // of each kernel: log weight, and what no candidate changes
};

}  // namespace hpo
