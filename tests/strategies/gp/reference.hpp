// The points, targets and kernel of reference.py, whose printed numbers the tests here contain.
#pragma once

#include "strategies/gp/likelihood.hpp"

namespace hpo::gp {

inline Prior reference_prior() { return {.is_ordered = {1, 1, 0}, .noise_least = 1e-6}; }

inline Kernel reference_kernel() {
  return {.is_ordered = {1, 1, 0}, .weights = Vector{{2.0, 0.5, 0.8}}, .scale = 1.3,
          .noise = 0.05};
}

inline Table reference_points() {
  return Table{{0.10, 0.20, 0.25}, {0.40, 0.90, 0.75}, {0.75, 0.35, 0.25},
               {0.95, 0.60, 0.75}, {0.30, 0.55, 0.25}, {0.60, 0.05, 0.75}};
}

inline Vector reference_targets() { return Vector{{0.3, -1.2, 0.8, 1.1, -0.4, -0.6}}; }

inline Table reference_asked() {  // a point a column
  return Table{{0.20, 0.85}, {0.30, 0.45}, {0.25, 0.75}};
}

// What `values` of points grow by along axis j at reference_asked(), by central differences.
template <class Values>
Vector reference_growth(Index j, const Values& values) {
  constexpr double h = 1e-6;
  Table above = reference_asked();
  Table below = above;
  above.row(j).array() += h;
  below.row(j).array() -= h;
  return (values(above) - values(below)) / (2 * h);
}

}  // namespace hpo::gp
