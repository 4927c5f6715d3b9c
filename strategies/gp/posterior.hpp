// What a Gaussian process believes: mean and variance anywhere, given points and targets.
//
// Rasmussen and Williams (2006), algorithm 2.1. A Cholesky factor of all points at once, or one
// point more at a time: O(n²). Appended points without targets count for the variance and leave
// the mean as it is, which is what a target equal to the mean would do (the "Kriging believer").
// A value type: a copy may be taken to points that are only open. One thread at a time.
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

class Posterior {
 public:
  explicit Posterior(Kernel kernel);
  // points: n × axes. O(n³)
  Posterior(Kernel kernel, const Table& points);

  Index size() const { return size_; }
  const Kernel& kernel() const { return kernel_; }

  void append(const Vector& point);

  // Targets of the first targets.size() points; those after them have none. O(n²)
  void set_targets(const Vector& targets);

  // At the points that have a target.
  const Vector& means() const { return means_; }

  // points: axes × m, a point a column.
  Prediction predict(const Table& points, Want want) const;

  // axes × m; a bound of the variance from the nearest point alone, at a price of O(n) a point.
  Prediction bound(const Table& points) const;

 private:
  struct Likeness {
    Table values{};  // size × m: k
    Table slopes{};  // dk/d(r²)
  };
  Likeness likeness(const Table& at, Vector& nearest, Want want) const;
  void add_slopes(const Table& at, const Likeness& of, Prediction& result) const;
  Table scaled_columns(const Table& points) const;
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
