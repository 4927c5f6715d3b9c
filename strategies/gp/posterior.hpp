// What a Gaussian process believes: mean and variance anywhere, given points and targets.
//
// Rasmussen and Williams (2006), algorithm 2.1. A Cholesky factor of all points at once, or one
// point more at a time: O(n²). One thread at a time.
#pragma once

#include "strategies/gp/kernel.hpp"

namespace hpo::gp {

enum class Want { values, slopes };

// Of m points. Slopes (axes × m) are by coordinate; empty unless wanted.
struct Prediction {
  Vector mean{};
  Vector variance{};   // of what is modelled, without noise
  Vector nearest{};    // least r² to a point: 0 if it is one of them
  Table mean_slopes{};
  Table variance_slopes{};
};

// What a prediction was made of, for whoever conditions it on more points.
struct Workings {
  Table at{};      // columns × m: the points, scaled
  Table solved{};  // n × m: L⁻¹ k
  Table slopes{};  // n × m: dk/d(r²), if wanted
};

class Posterior {
 public:
  explicit Posterior(Kernel kernel);
  // points: n × axes. O(n³)
  Posterior(Kernel kernel, const Table& points);

  Index size() const { return size_; }
  const Kernel& kernel() const { return kernel_; }

  void append(const Vector& point);

  // Of every point. O(n²)
  void set_targets(const Vector& targets);

  // At the points themselves.
  const Vector& means() const { return means_; }

  // points: axes × m, a point a column.
  Prediction predict(const Table& points, Want want, Workings* workings = nullptr) const;

  // axes × m; a bound of the variance from the nearest point alone, at a price of O(n) a point.
  Prediction bound(const Table& points) const;

  // The same from the nearest point's r² alone.
  Vector variance_bound(const Vector& nearest) const;

  // columns × m: points (axes × m) as the factor knows them.
  Table scaled_columns(const Table& points) const;

  // L⁻¹ k of one scaled point. O(n²)
  Vector solved(const Vector& at) const;

  // A⁻¹ k from columns of L⁻¹ k, in place.
  void solve_back(Table& solved) const;

  // axes × m: Σ_i by(i, c) ∂r²/∂x_j between the i-th point and the column c of `at`.
  Table slope_sums(const Table& at, const Table& by) const;

 private:
  struct Likeness {
    Table values{};  // size × m: k
    Table slopes{};  // dk/d(r²)
  };
  Likeness likeness(const Table& at, Vector& nearest, Want want) const;
  void allocate(Index rows);
  bool factorise(Index n);
  auto factor() const { return factor_.topLeftCorner(size_, size_); }

  Kernel kernel_;
  Table scaled_{};   // rows_allocated × axes
  Table factor_{};   // rows_allocated², lower triangle
  Vector alpha_{};   // size: A⁻¹ targets
  Vector means_{};
  Index size_ = 0;
};

}  // namespace hpo::gp
