// Bounds: a coordinate without bounds is folded into [0, 1], smoothly at the ends.
//
// As pycma's BoxConstraintsLinQuadTransformation: the identity inside, a parabola in the outermost
// twentieth on either side, and mirrored beyond it, so that an optimum on a bound is an ordinary
// minimum. Pure functions, any thread.
#pragma once

#include <algorithm>
#include <cmath>

namespace hpo {

inline constexpr double bound_curve = 0.05;  // the parabolas reach so far to both sides of a bound

// In [0, 1].
inline double folded(double x) {
  constexpr double a = bound_curve;
  constexpr double width = 1.0 + 2.0 * a;
  double t = (x + a) / (2.0 * width);
  t = 2.0 * width * (t - std::floor(t)) - a;    // into one period: [-a, 2 width - a)
  if (t > 1.0 + a) t = 2.0 * (1.0 + a) - t;     // its second half is a mirror of the first
  double u = t;
  if (t < a) u = (t + a) * (t + a) / (4.0 * a);
  if (t > 1.0 - a) u = 1.0 - (1.0 + a - t) * (1.0 + a - t) / (4.0 * a);
  return std::clamp(u, 0.0, 1.0);
}

// The one in [-a, 1 + a] that is folded to u. REQUIRES: 0 <= u <= 1
inline double unfolded(double u) {
  constexpr double a = bound_curve;
  if (u < a) return 2.0 * std::sqrt(a * u) - a;
  if (u > 1.0 - a) return 1.0 + a - 2.0 * std::sqrt(a * (1.0 - u));
  return u;
}

}  // namespace hpo
