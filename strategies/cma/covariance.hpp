// The covariance matrix of a CMA-ES with its square root, whole or diagonal.
//
// C = B D² B' (Hansen 2016, arXiv:1604.00772v2, eq. 4): B's columns are the principal axes, D their
// lengths. Decomposed after each update, by Eigen with pinned cache sizes. Vectors have `dimension`
// components. Any thread.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace hpo {

class CmaCovariance {
 public:
  // The identity. A diagonal one costs O(d) in time and memory instead of O(d³) and O(d²).
  CmaCovariance(std::size_t dimension, bool is_diagonal);

  // Of `matrix`, symmetric, d × d.
  CmaCovariance(std::size_t dimension, bool is_diagonal, std::span<const double> matrix);

  bool is_diagonal() const { return is_diagonal_; }
  std::size_t dimension() const { return lengths_.size(); }
  double variance(std::size_t i) const;
  double covariance(std::size_t i, std::size_t j) const;

  std::vector<double> coloured(std::span<const double> z) const;  // B D z: of N(0, I), N(0, C)
  std::vector<double> whitened(std::span<const double> y) const;  // C^(-1/2) y
  double distance(std::span<const double> y) const;               // |C^(-1/2) y|

  double length(std::size_t i) const { return lengths_[i]; }  // of principal axis i
  double longest() const;
  double condition() const;  // of C

  // Axis i of the principal ones, times its length.
  std::vector<double> axis(std::size_t i) const;

  // C <- keep C + sum over k of factors[k] ys[k] ys[k]'; ys: count × d, one after the other.
  void update(double keep, std::span<const double> factors, std::span<const double> ys);

 private:
  void decompose();
  bool is_diagonal_ = false;
  std::vector<double> matrix_{};   // d × d, or the diagonal
  std::vector<double> axes_{};     // B, column by column; empty if diagonal
  std::vector<double> lengths_{};  // D
};

}  // namespace hpo
