// One function per equation; y are steps in units of sigma, one after the other.
#include "strategies/cma/gaussian.hpp"

#include <algorithm>
#include <cmath>

#include "schema/assert.hpp"
#include "strategies/elementary.hpp"

namespace hpo {
namespace {

constexpr double deviation_max = 1.0 / 3.0;  // of a coordinate: the cube has width 1
constexpr double growth_max = 1.0;           // of log sigma in one generation

double norm(std::span<const double> v) {
  double sum = 0.0;
  for (const double x : v) sum += x * x;
  return std::sqrt(sum);
}

// How long a step may be that another distribution drew: c_y of Hansen (2011), "Injecting external
// solutions into CMA-ES", arXiv:1110.4181, whose limit of sigma's growth is the one above.
double plausible_length(double d) { return std::sqrt(d) + 2.0 * d / (d + 2.0); }

}  // namespace

std::vector<double> CmaShape::draw(std::span<const double> z) const {
  std::vector<double> x = covariance.coloured(z);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = mean[i] + sigma * widening[i] * x[i];
  return x;
}

CmaShape cma_round_shape(std::vector<double> mean, double sigma) {
  const std::size_t d = mean.size();
  return {.mean = std::move(mean), .sigma = sigma,
          .covariance = CmaCovariance(d, d > cma_full_dimension_max),
          .widening = std::vector<double>(d, 1.0)};
}

CmaGaussian::CmaGaussian(CmaShape shape, std::size_t population)
    : shape_(std::move(shape)),
      rates_(cma_rates(shape_.mean.size(), population, shape_.covariance.is_diagonal())),
      path_(shape_.mean.size(), 0.0), step_path_(shape_.mean.size(), 0.0) {
  HPO_ASSERT(!shape_.mean.empty(), "a normal distribution has a coordinate at least");
}

void CmaGaussian::update(std::span<const CmaResult> ranked) {
  HPO_ASSERT(ranked.size() == rates_.weights.size(), "a generation is one whole population");
  const std::size_t d = shape_.mean.size();
  std::vector<double> all = steps(ranked);
  std::vector<double> step(d, 0.0);  // y_w, eq. 41
  for (std::size_t k = 0; k < rates_.parents; ++k) {
    for (std::size_t i = 0; i < d; ++i) step[i] += rates_.weights[k] * all[k * d + i];
  }
  move_mean(step);
  adapt_sigma(step);  // before the covariance: eq. 43 has the old one
  adapt_covariance(step, std::move(all));
  limit_sigma();
}

// y = (x - m) / (A sigma), eq. 39.
std::vector<double> CmaGaussian::steps(std::span<const CmaResult> ranked) const {
  const std::size_t d = shape_.mean.size();
  std::vector<double> all(ranked.size() * d);
  for (std::size_t k = 0; k < ranked.size(); ++k) {
    const std::span<double> y(all.data() + k * d, d);
    for (std::size_t i = 0; i < d; ++i) {
      y[i] = (ranked[k].coordinates[i] - shape_.mean[i]) / (shape_.widening[i] * shape_.sigma);
    }
    if (!ranked[k].is_injected) continue;
    const double length = shape_.covariance.distance(y);
    const double longest = plausible_length(static_cast<double>(d));
    if (length <= longest) continue;
    for (double& each : y) each *= longest / length;
  }
  return all;
}

void CmaGaussian::move_mean(std::span<const double> step) {
  for (std::size_t i = 0; i < step.size(); ++i) shape_.mean[i] += shape_.sigma * step[i];  // eq. 42
}

void CmaGaussian::adapt_sigma(std::span<const double> step) {
  const double c = rates_.c_sigma;
  const double gain = std::sqrt(c * (2.0 - c) * rates_.parents_effective);
  const std::vector<double> white = shape_.covariance.whitened(step);
  for (std::size_t i = 0; i < white.size(); ++i) {
    step_path_[i] = (1.0 - c) * step_path_[i] + gain * white[i];  // eq. 43
  }
  const double growth = c / rates_.d_sigma * (norm(step_path_) / rates_.length - 1.0);
  shape_.sigma *= elementary::exp(std::min(growth, growth_max));  // eq. 44
}

void CmaGaussian::adapt_covariance(std::span<const double> step, std::vector<double> steps) {
  const double d = static_cast<double>(step.size());
  const double c_c = rates_.c_c;
  unseen_ *= (1.0 - rates_.c_sigma) * (1.0 - rates_.c_sigma);
  const bool is_calm = norm(step_path_) / std::sqrt(1.0 - unseen_) <
                       (1.4 + 2.0 / (d + 1.0)) * rates_.length;  // h_sigma, page 28
  const double gain = is_calm ? std::sqrt(c_c * (2.0 - c_c) * rates_.parents_effective) : 0.0;
  for (std::size_t i = 0; i < step.size(); ++i) {
    path_[i] = (1.0 - c_c) * path_[i] + gain * step[i];  // eq. 45
  }
  std::vector<double> factors(rates_.weights.size());
  for (std::size_t k = 0; k < factors.size(); ++k) {
    factors[k] = rates_.c_mu * rates_.weights[k];
    if (rates_.weights[k] >= 0.0) continue;
    const double length = shape_.covariance.distance({steps.data() + k * step.size(), step.size()});
    factors[k] *= d / (length * length + 1e-8);  // eq. 46
  }
  factors.push_back(rates_.c_1);
  steps.insert(steps.end(), path_.begin(), path_.end());
  const double lost = is_calm ? 0.0 : rates_.c_1 * c_c * (2.0 - c_c);
  shape_.covariance.update(1.0 + lost - rates_.c_1 - rates_.c_mu * rates_.weights_sum, factors,
                           steps);  // eq. 47
}

// Wider than the cube nothing is learned; narrower than this, nothing is told apart.
void CmaGaussian::limit_sigma() {
  double widest = 0.0;
  for (std::size_t i = 0; i < shape_.mean.size(); ++i) {
    widest = std::max(widest, shape_.covariance.variance(i));
  }
  shape_.sigma = std::clamp(shape_.sigma, 1e-30, deviation_max / std::sqrt(widest));
}

}  // namespace hpo
