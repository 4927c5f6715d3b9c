// Each criterion under its name in the literature.
#include "strategies/cma/stop.hpp"

#include <algorithm>
#include <cmath>

namespace hpo {
namespace {

constexpr double tolerance = 1e-12;       // of steps, relative to sigma's start; of values
constexpr double condition_max = 1e14;

// TolX: no coordinate moves any more.
bool is_narrow(const CmaGaussian& gaussian, double least) {
  const CmaShape& shape = gaussian.shape();
  for (std::size_t i = 0; i < shape.mean.size(); ++i) {
    if (shape.sigma * std::sqrt(shape.covariance.variance(i)) >= least) return false;
    if (shape.sigma * std::abs(gaussian.path()[i]) >= least) return false;
  }
  return true;
}

// NoEffectCoord: a step of a fifth of a deviation is lost in rounding.
bool is_rounded_away(const CmaShape& shape) {
  for (std::size_t i = 0; i < shape.mean.size(); ++i) {
    const double step = 0.2 * shape.sigma * std::sqrt(shape.covariance.variance(i));
    if (shape.mean[i] == shape.mean[i] + step) return true;
  }
  return false;
}

// NoEffectAxis: the same along a principal axis, another one in each generation.
bool is_axis_rounded_away(const CmaShape& shape, std::size_t generation) {
  const std::vector<double> axis = shape.covariance.axis(generation % shape.mean.size());
  for (std::size_t i = 0; i < axis.size(); ++i) {
    if (shape.mean[i] != shape.mean[i] + 0.1 * shape.sigma * axis[i]) return false;
  }
  return true;
}

}  // namespace

CmaStagnation::CmaStagnation(std::size_t dimension, std::size_t population) {
  const std::size_t generations = 10 + (30 * dimension + population - 1) / population;
  values_.assign(2 * generations, 0.0);
}

void CmaStagnation::add(double best, double worst) {
  if (first_range_ < 0.0) first_range_ = std::abs(worst - best);
  values_[next_] = best;
  values_[next_ + 1] = worst;
  next_ = (next_ + 2) % values_.size();
  if (next_ == 0) is_full_ = true;
}

// TolFun, smaller for an objective that is small everywhere.
bool CmaStagnation::is_over() const {
  if (!is_full_) return false;
  const auto [least, most] = std::minmax_element(values_.begin(), values_.end());
  return *most - *least <= tolerance * std::min(1.0, first_range_);
}

bool is_degenerate(const CmaGaussian& gaussian, double sigma_first, std::size_t generation) {
  const CmaShape& shape = gaussian.shape();
  return is_narrow(gaussian, tolerance * sigma_first) || is_rounded_away(shape) ||
         is_axis_rounded_away(shape, generation) || shape.covariance.condition() > condition_max;
}

}  // namespace hpo
