// Eigen is at work in this file only; its products are those of maps over plain vectors.
#include "strategies/cma/covariance.hpp"

#include <Eigen/Eigenvalues>

#include <algorithm>
#include <cmath>

#include "schema/assert.hpp"
#include "strategies/eigen_sizes.hpp"

namespace hpo {
namespace {

using Matrix = Eigen::Map<Eigen::MatrixXd>;
using ConstMatrix = Eigen::Map<const Eigen::MatrixXd>;
using ConstVector = Eigen::Map<const Eigen::VectorXd>;

constexpr double axis_ratio_min = 1e-16;  // of eigenvalues: what is less is a rounding error

Eigen::Index index(std::size_t i) { return static_cast<Eigen::Index>(i); }

ConstVector vector_of(std::span<const double> v) { return {v.data(), index(v.size())}; }

}  // namespace

CmaCovariance::CmaCovariance(std::size_t dimension, bool is_diagonal)
    : is_diagonal_(is_diagonal), lengths_(dimension, 1.0) {
  if (is_diagonal) {
    matrix_.assign(dimension, 1.0);
    return;
  }
  matrix_.assign(dimension * dimension, 0.0);
  for (std::size_t i = 0; i < dimension; ++i) matrix_[i * dimension + i] = 1.0;
  axes_ = matrix_;
}

CmaCovariance::CmaCovariance(std::size_t dimension, bool is_diagonal,
                             std::span<const double> matrix)
    : CmaCovariance(dimension, is_diagonal) {
  HPO_ASSERT(matrix.size() == dimension * dimension, "a covariance is a square matrix");
  for (std::size_t i = 0; i < matrix_.size(); ++i) {
    matrix_[i] = is_diagonal ? matrix[i * dimension + i] : matrix[i];
  }
  decompose();
}

double CmaCovariance::variance(std::size_t i) const {
  return is_diagonal_ ? matrix_[i] : matrix_[i * dimension() + i];
}

double CmaCovariance::covariance(std::size_t i, std::size_t j) const {
  if (is_diagonal_) return i == j ? matrix_[i] : 0.0;
  return matrix_[i * dimension() + j];
}

std::vector<double> CmaCovariance::coloured(std::span<const double> z) const {
  std::vector<double> scaled(dimension());
  for (std::size_t i = 0; i < scaled.size(); ++i) scaled[i] = lengths_[i] * z[i];
  if (is_diagonal_) return scaled;
  std::vector<double> y(dimension());
  const ConstMatrix b(axes_.data(), index(dimension()), index(dimension()));
  Matrix(y.data(), index(y.size()), 1).noalias() = b * vector_of(scaled);
  return y;
}

std::vector<double> CmaCovariance::whitened(std::span<const double> y) const {
  std::vector<double> along(dimension());
  const ConstMatrix b(axes_.data(), index(is_diagonal_ ? 0 : dimension()), index(dimension()));
  if (is_diagonal_) {
    along.assign(y.begin(), y.end());
  } else {
    Matrix(along.data(), index(along.size()), 1).noalias() = b.transpose() * vector_of(y);
  }
  for (std::size_t i = 0; i < along.size(); ++i) along[i] /= lengths_[i];
  if (is_diagonal_) return along;
  std::vector<double> white(dimension());
  Matrix(white.data(), index(white.size()), 1).noalias() = b * vector_of(along);
  return white;
}

double CmaCovariance::distance(std::span<const double> y) const {
  double sum = 0.0;
  for (const double w : whitened(y)) sum += w * w;
  return std::sqrt(sum);
}

double CmaCovariance::longest() const {
  return *std::max_element(lengths_.begin(), lengths_.end());
}

double CmaCovariance::condition() const {
  const double ratio = longest() / *std::min_element(lengths_.begin(), lengths_.end());
  return ratio * ratio;
}

std::vector<double> CmaCovariance::axis(std::size_t i) const {
  std::vector<double> axis(dimension(), 0.0);
  if (is_diagonal_) {
    axis[i] = lengths_[i];
    return axis;
  }
  for (std::size_t k = 0; k < axis.size(); ++k) axis[k] = axes_[i * dimension() + k] * lengths_[i];
  return axis;
}

void CmaCovariance::update(double keep, std::span<const double> factors,
                           std::span<const double> ys) {
  const std::size_t d = dimension();
  for (double& c : matrix_) c *= keep;
  for (std::size_t k = 0; k < factors.size(); ++k) {
    const double* y = ys.data() + k * d;
    if (is_diagonal_) {
      for (std::size_t i = 0; i < d; ++i) matrix_[i] += factors[k] * y[i] * y[i];
      continue;
    }
    for (std::size_t j = 0; j < d; ++j) {
      const double factor = factors[k] * y[j];
      for (std::size_t i = 0; i < d; ++i) matrix_[j * d + i] += factor * y[i];
    }
  }
  decompose();
}

void CmaCovariance::decompose() {
  if (is_diagonal_) {
    lengths_ = matrix_;
  } else {
    const ConstMatrix c(matrix_.data(), index(dimension()), index(dimension()));
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(c);
    HPO_ASSERT(solver.info() == Eigen::Success, "a symmetric matrix of numbers has eigenvalues");
    Matrix(axes_.data(), c.rows(), c.cols()) = solver.eigenvectors();
    std::copy_n(solver.eigenvalues().data(), dimension(), lengths_.begin());
  }
  const double least = axis_ratio_min * longest();
  for (double& length : lengths_) length = std::sqrt(std::max(length, least));
}

}  // namespace hpo
