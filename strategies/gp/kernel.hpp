// How alike two points are: the Matérn-5/2 kernel of a weighted distance, Hamming's where an axis
// has no order.
//
// k(r) = s (1 + √5 r + 5/3 r²) exp(-√5 r), Rasmussen and Williams (2006), eq. 4.17, with
// r² = Σ λ_j d_j², λ_j = 1/ℓ_j², d_j the difference of coordinates or, without order, whether they
// differ. Differences are summed as they are, never by |x|² - 2xy + |y|²: equal points have r² = 0.
//
// An axis that is not active in a point has the coordinate `absent` there. Without order that is
// one more value. With order, d is 0 between two points without it, 1 between one with it and one
// without, and coordinates lie on an arc around `absent`: distances are those of points in a plane,
// so k stays positive definite. Swersky et al. (2014), "Raiders of the lost architecture",
// arXiv:1409.4011, section 3; here of radius 1 and, as tan(angle/2) = (x - ½)/2 needs no sine, of
// length 0.98: d is |x - y| within 12 %. Pure functions, any thread.
#pragma once

#include <vector>

#include "strategies/gp/matrix.hpp"

namespace hpo::gp {

inline constexpr double absent = -1.0;

struct Kernel {
  std::vector<char> is_ordered{};      // per axis
  std::vector<char> is_conditional{};  // per axis: may be absent; empty: none may
  Vector weights{};                    // λ per axis, > 0
  double scale = 1.0;                  // s: the variance of what is modelled, > 0
  double noise = 1e-2;                 // variance of a value about it, > 0

  Index dimension() const { return weights.size(); }
  bool is_arc(Index axis) const {
    const auto j = static_cast<std::size_t>(axis);
    return !is_conditional.empty() && is_conditional[j] != 0 && is_ordered[j] != 0;
  }
  Index columns() const;  // of a scaled point: one per axis, and then one more per arc
};

// Points as rows (n × axes) -> n × columns: what has an order multiplied by √λ.
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
