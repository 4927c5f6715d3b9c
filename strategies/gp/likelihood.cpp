// With W = ααᵀ - A⁻¹ each derivative is ½ Σ W ∂A; sums run over the lower triangle alone.
#include "strategies/gp/likelihood.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <limits>

#include "strategies/elementary.hpp"
#include "strategies/gp/triangular.hpp"

namespace hpo::gp {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double noise_shape = 1.1;
constexpr double noise_rate = 30.0;
constexpr double usual_noise = 1e-2;
constexpr Index many_axes = 20;

// Σ m_i (z_i - at)², or without order Σ m_i over those that differ.
double weighted(const Table& points, Index column_index, Index first, const Vector& m,
                bool is_ordered) {
  const auto column = points.col(column_index).segment(first, m.size());
  const double at = points(first - 1, column_index);
  if (is_ordered) return (m.array() * (column.array() - at).square()).sum();
  double sum = 0.0;
  for (Index i = 0; i < m.size(); ++i) sum += column[i] == at ? 0.0 : m[i];
  return sum;
}

}  // namespace

double Prior::usual_weight() const {
  return dimension() <= many_axes ? 1.0 : 1.0 / static_cast<double>(dimension());
}

double Prior::strictness() const { return dimension() <= many_axes ? 0.1 : 1.0; }

Kernel usual_kernel(const Prior& prior) {
  return {.is_ordered = prior.is_ordered, .is_conditional = prior.is_conditional,
          .weights = Vector::Constant(prior.dimension(), prior.usual_weight()), .scale = 1.0,
          .noise = prior.noise_least + (prior.learns_noise ? usual_noise : 0.0)};
}

Vector parameters_of(const Kernel& kernel, const Prior& prior) {
  const Index axes = prior.dimension();
  Vector parameters(axes + (prior.learns_noise ? 2 : 1));
  for (Index j = 0; j < axes; ++j) parameters[j] = elementary::log(kernel.weights[j]);
  parameters[axes] = elementary::log(kernel.scale);
  if (prior.learns_noise) {
    const double more = std::max(kernel.noise - prior.noise_least, 1e-3 * prior.noise_least);
    parameters[axes + 1] = elementary::log(more);
  }
  return parameters;
}

Kernel kernel_of(const Vector& parameters, const Prior& prior) {
  const Index axes = prior.dimension();
  Kernel kernel{.is_ordered = prior.is_ordered, .is_conditional = prior.is_conditional,
                .weights = Vector(axes)};
  for (Index j = 0; j < axes; ++j) kernel.weights[j] = elementary::exp(parameters[j]);
  kernel.scale = elementary::exp(parameters[axes]);
  kernel.noise = prior.noise_least;
  if (prior.learns_noise) kernel.noise += elementary::exp(parameters[axes + 1]);
  return kernel;
}

void Likelihood::build(const Kernel& kernel) {
  const Index n = points_.rows();
  scaled_ = scaled(kernel, points_);
  matrix_.resize(n, n);
  slopes_.resize(n, n);
  Vector at(scaled_.cols());
  for (Index c = 0; c < n; ++c) {
    at = scaled_.row(c).transpose();
    double* column = matrix_.data() + c * n + c;
    squared_distances(kernel, scaled_, c, n - c, at, column);
    matern(kernel.scale, n - c, column, slopes_.data() + c * n + c);
    *column += kernel.noise;
  }
}

// The factor's determinant, α and the inverse. False if there is no factor.
bool Likelihood::invert() {
  Eigen::Ref<Table> square = matrix_;
  const Eigen::LLT<Eigen::Ref<Table>, Eigen::Lower> factor(square);
  if (factor.info() != Eigen::Success) return false;
  alpha_ = factor.solve(targets_);
  log_determinant_ = 0.0;
  for (Index i = 0; i < matrix_.rows(); ++i) {
    log_determinant_ += 2.0 * elementary::log(matrix_(i, i));
  }
  invert_lower(matrix_);
  square_lower(matrix_);
  return true;
}

void Likelihood::add_weights(const Kernel& kernel, Vector& gradient) const {
  const Index n = points_.rows();
  const double* slope_columns = slopes_.data();
  Vector m;
  for (Index c = 0; c + 1 < n; ++c) {
    const Index below = n - c - 1;
    const Eigen::Map<const Vector> slopes(slope_columns + c * n + c + 1, below);
    m = (alpha_[c] * alpha_.segment(c + 1, below) - matrix_.col(c).segment(c + 1, below))
            .cwiseProduct(slopes);
    Index second = points_.cols();
    for (Index j = 0; j < points_.cols(); ++j) {
      const bool is_ordered = prior_.is_ordered[static_cast<std::size_t>(j)] != 0;
      gradient[j] -= weighted(scaled_, j, c + 1, m, is_ordered);
      if (kernel.is_arc(j)) gradient[j] -= weighted(scaled_, second++, c + 1, m, true);
    }
  }
}

double Likelihood::operator()(const Vector& parameters, Vector& gradient) {
  const Kernel kernel = kernel_of(parameters, prior_);
  build(kernel);
  gradient = Vector::Zero(parameters.size());
  if (!invert()) return infinity;
  const Index axes = prior_.dimension();
  const auto n = static_cast<double>(points_.rows());
  const double trace = alpha_.squaredNorm() - matrix_.trace();  // of W
  const double fit = targets_.dot(alpha_);
  double value = 0.5 * (fit + log_determinant_);
  add_weights(kernel, gradient);
  const double usual = prior_.usual_weight();
  const double strictness = prior_.strictness();
  for (Index j = 0; j < axes; ++j) {
    const double weight = kernel.weights[j] / usual;
    const bool is_ordered = prior_.is_ordered[static_cast<std::size_t>(j)] != 0;
    gradient[j] *= is_ordered ? 1.0 : kernel.weights[j];  // scaled coordinates have their √λ
    value += strictness * (weight + 1.0 / weight);
    gradient[j] += strictness * (weight - 1.0 / weight);
  }
  value += kernel.scale - parameters[axes];
  // Σ W ∘ (A - σ²1), where Σ W ∘ A = αᵀ targets - n
  gradient[axes] = -0.5 * (fit - n - kernel.noise * trace) + kernel.scale - 1.0;
  if (!prior_.learns_noise) return value;
  const double more = kernel.noise - prior_.noise_least;
  value += noise_rate * kernel.noise - (noise_shape - 1.0) * elementary::log(kernel.noise);
  gradient[axes + 1] =
      more * (-0.5 * trace + noise_rate - (noise_shape - 1.0) / kernel.noise);
  return value;
}

}  // namespace hpo::gp
