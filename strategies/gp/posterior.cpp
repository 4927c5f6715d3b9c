// The stride is a function of the number of points, so that grown and rebuilt factors are equal.
#include "strategies/gp/posterior.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <limits>

#include "schema/assert.hpp"

namespace hpo::gp {
namespace {

constexpr double out_of_reach = 1e6;  // r² at which the kernel is 0

}  // namespace

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
  Vector at(kernel_.columns());
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
  scaled_.conservativeResize(wanted, kernel_.columns());
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
  HPO_ASSERT(targets.size() == size_, "every point has a target");
  const auto lower = factor().triangularView<Eigen::Lower>();
  alpha_ = targets;
  lower.solveInPlace(alpha_);
  lower.transpose().solveInPlace(alpha_);
  means_ = targets - kernel_.noise * alpha_;  // K α = targets - σ² α
}

Table Posterior::scaled_columns(const Table& points) const {
  return scaled(kernel_, points.transpose()).transpose();
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
  result.variance = variance_bound(result.nearest);
  return result;
}

Vector Posterior::variance_bound(const Vector& nearest) const {
  Vector most = nearest.cwiseMin(out_of_reach);  // far away from everything where there is no point
  matern(kernel_.scale, most.size(), most.data());
  return kernel_.scale - most.array().square() / (kernel_.scale + kernel_.noise);
}

Vector Posterior::solved(const Vector& at) const {
  Vector result(size_);
  squared_distances(kernel_, scaled_, 0, size_, at, result.data());
  matern(kernel_.scale, size_, result.data());
  factor().triangularView<Eigen::Lower>().solveInPlace(result);
  return result;
}

void Posterior::solve_back(Table& solved) const {
  const auto lower = factor().triangularView<Eigen::Lower>();
  lower.transpose().solveInPlace(solved);
}

Table Posterior::slope_sums(const Table& at, const Table& by) const {
  return gp::slope_sums(kernel_, scaled_, at, by);
}

// The mean is Σ α k, the variance s - kᵀA⁻¹k.
Prediction Posterior::predict(const Table& points, Want want, Workings* workings) const {
  Prediction result;
  const Table at = scaled_columns(points);
  Likeness of = likeness(at, result.nearest, want);
  result.mean = of.values.transpose() * alpha_;
  factor().triangularView<Eigen::Lower>().solveInPlace(of.values);
  result.variance = (kernel_.scale - of.values.colwise().squaredNorm().array()).max(0.0);
  if (workings != nullptr) *workings = {.at = at, .solved = of.values, .slopes = of.slopes};
  if (want == Want::values) return result;
  result.mean_slopes = slope_sums(at, (of.slopes.array().colwise() * alpha_.array()).matrix());
  solve_back(of.values);
  result.variance_slopes = -2.0 * slope_sums(at, of.slopes.cwiseProduct(of.values));
  return result;
}

}  // namespace hpo::gp
