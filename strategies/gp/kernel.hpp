// How alike two points are: the Matérn-5/2 kernel of a weighted distance, Hamming's where an axis
// has no order.
//
// k(r) = s (1 + √5 r + 5/3 r²) exp(-√5 r), Rasmussen and Williams (2006), eq. 4.17, with
// r² = Σ λ_j d_j², λ_j = 1/ℓ_j², d_j the difference of coordinates or, without order, whether they
// differ. Differences are summed as they are, never by |x|² - 2xy + |y|²: equal points have r² = 0.
// A place for conditions: an axis that is active in only one of two points would count here, in
// squared_distances, alone. Today all axes count as active. Pure functions, any thread.
#pragma once

#include <vector>

#include "strategies/gp/matrix.hpp"

namespace hpo::gp {

struct Kernel {
  std::vector<char> is_ordered{};  // per axis
  Vector weights{};                // λ per axis, > 0
  double scale = 1.0;              // s: the variance of what is modelled, > 0
  double noise = 1e-2;             // variance of a value about it, > 0

  Index dimension() const { return weights.size(); }
};

// Points as rows, each ordered coordinate multiplied by √λ.
Table scaled(const Kernel& kernel, const Table& points);

// Fills squares[i] with r² between `at` and the rows first + i of `rows`; all of them scaled.
void squared_distances(const Kernel& kernel, const Table& rows, Index first, Index count,
                       const Vector& at, double* squares);

// axes × m: Σ_i by(i, c) ∂r²/∂x_j between the i-th of `rows` and the column c of `at`, which are
// scaled. 0 along axes without order.
Table slope_sums(const Kernel& kernel, const Table& rows, const Table& at, const Table& by);

// From r² in `squares`: k in its place and, if asked for, dk/d(r²) in `slopes`.
void matern(double scale, Index count, double* squares, double* slopes = nullptr);

}  // namespace hpo::gp
