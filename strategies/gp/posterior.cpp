// The stride is a function of the number of points, so that grown and rebuilt factors are equal.
#include "strategies/gp/posterior.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <limits>

#include "schema/assert.hpp"

namespace hpo::gp {

Posterior::Posterior(Kernel kernel) : kernel_(std::move(kernel)) {}

Posterior::Posterior(Kernel kernel, const Table& points) : kernel_(std::move(kernel)) {
  const Index n = points.rows();
  if (n == 0) return;
  allocate(n);
  scaled_.topRows(n) = scaled(kernel_, points);
  while (!factorise(n)) kernel_.noise *= 10.0;  // only where rounding outweighs the noise
  size_ = n;
  alpha_ = Vector::Zero(n);
}

bool Posterior::factorise(Index n) {
  Vector at(kernel_.dimension());
  for (Index c = 0; c < n; ++c) {
    at = scaled_.row(c).transpose();
    double* column = factor_.data() + c * factor_.outerStride() + c;
    squared_distances(kernel_, scaled_, c, n - c, at, column);
    matern(kernel_.scale, n - c, column);
    *column += kernel_.noise;
  }
  Eigen::Ref<Table> square = factor_.topLeftCorner(n, n);
  const Eigen::LLT<Eigen::Ref<Table>, Eigen::Lower> done(square);
  return done.info() == Eigen::Success;
}

void Posterior::allocate(Index rows) {
  const Index wanted = rows_allocated(rows);
  if (wanted == factor_.rows()) return;
  factor_.conservativeResize(wanted, wanted);
  scaled_.conservativeResize(wanted, kernel_.dimension());
}

void Posterior::append(const Vector& point) {
  allocate(size_ + 1);
  const Vector at = scaled_columns(point);
  Vector row(size_);
  squared_distances(kernel_, scaled_, 0, size_, at, row.data());
  matern(kernel_.scale, size_, row.data());
  factor().triangularView<Eigen::Lower>().solveInPlace(row);
  // What is left of a point's variance is its noise at least, but for rounding.
  const double left = kernel_.scale + kernel_.noise - row.squaredNorm();
  factor_.row(size_).head(size_) = row.transpose();
  factor_(size_, size_) = std::sqrt(std::max(left, 0.5 * kernel_.noise));
  scaled_.row(size_) = at.transpose();
  ++size_;
  alpha_.conservativeResize(size_);
  alpha_[size_ - 1] = 0.0;
}

void Posterior::set_targets(const Vector& targets) {
  const Index n = targets.size();
  HPO_ASSERT(n <= size_, "targets belong to points");
  const auto lower = factor_.topLeftCorner(n, n).triangularView<Eigen::Lower>();
  alpha_ = Vector::Zero(size_);
  Vector solved = targets;
  lower.solveInPlace(solved);
  lower.transpose().solveInPlace(solved);
  alpha_.head(n) = solved;
  means_ = targets - kernel_.noise * solved;  // K α = targets - σ² α
}

Table Posterior::scaled_columns(const Table& points) const {
  Table result = points;
  for (Index j = 0; j < result.rows(); ++j) {
    if (kernel_.is_ordered[static_cast<std::size_t>(j)] != 0) {
      result.row(j) *= std::sqrt(kernel_.weights[j]);
    }
  }
  return result;
}

Posterior::Likeness Posterior::likeness(const Table& at, Vector& nearest, Want want) const {
  Likeness result{.values = Table(size_, at.cols())};
  if (want == Want::slopes) result.slopes.resize(size_, at.cols());
  nearest = Vector::Constant(at.cols(), std::numeric_limits<double>::infinity());
  Vector point(at.rows());
  for (Index c = 0; c < at.cols(); ++c) {
    point = at.col(c);
    double* column = result.values.data() + c * size_;
    squared_distances(kernel_, scaled_, 0, size_, point, column);
    if (size_ > 0) nearest[c] = result.values.col(c).minCoeff();
    matern(kernel_.scale, size_, column,
           want == Want::slopes ? result.slopes.data() + c * size_ : nullptr);
  }
  return result;
}

Prediction Posterior::bound(const Table& points) const {
  Prediction result;
  const Likeness likeness_of = likeness(scaled_columns(points), result.nearest, Want::values);
  result.mean = likeness_of.values.transpose() * alpha_;
  result.variance = Vector::Constant(points.cols(), kernel_.scale);
  if (size_ == 0) return result;
  Vector most = result.nearest;
  matern(kernel_.scale, most.size(), most.data());
  result.variance.array() -= most.array().square() / (kernel_.scale + kernel_.noise);
  return result;
}

Prediction Posterior::predict(const Table& points, Want want) const {
  Prediction result;
  const Table at = scaled_columns(points);
  Likeness of = likeness(at, result.nearest, want);
  result.mean = of.values.transpose() * alpha_;
  const auto lower = factor().triangularView<Eigen::Lower>();
  lower.solveInPlace(of.values);
  result.variance = (kernel_.scale - of.values.colwise().squaredNorm().array()).max(0.0);
  if (want == Want::values) return result;
  lower.transpose().solveInPlace(of.values);  // A⁻¹ k
  add_slopes(at, of, result);
  return result;
}

// dk/dx_j = dk/d(r²) 2 √λ_j (z_j - z_ij); the mean is Σ α k, the variance s - kᵀA⁻¹k.
void Posterior::add_slopes(const Table& at, const Likeness& of, Prediction& result) const {
  result.mean_slopes = Table::Zero(at.rows(), at.cols());
  result.variance_slopes = Table::Zero(at.rows(), at.cols());
  if (size_ == 0) return;  // nor has it any columns
  for (Index c = 0; c < at.cols(); ++c) {
    const Vector by_mean = of.slopes.col(c).cwiseProduct(alpha_);
    const Vector by_variance = of.slopes.col(c).cwiseProduct(of.values.col(c));
    const double mean_sum = by_mean.sum();
    const double variance_sum = by_variance.sum();
    for (Index j = 0; j < at.rows(); ++j) {
      if (kernel_.is_ordered[static_cast<std::size_t>(j)] == 0) continue;
      const auto column = scaled_.col(j).head(size_);
      const double root = 2.0 * std::sqrt(kernel_.weights[j]);
      result.mean_slopes(j, c) = root * (at(j, c) * mean_sum - column.dot(by_mean));
      result.variance_slopes(j, c) =
          -2.0 * root * (at(j, c) * variance_sum - column.dot(by_variance));
    }
  }
}

}  // namespace hpo::gp
