// log Φ(q), q = (μ - middle) / √(σ² + noise).
#include "strategies/gp/feasibility.hpp"

#include <algorithm>
#include <cmath>

#include "strategies/elementary.hpp"
#include "strategies/gp/output_warp.hpp"
#include "strategies/normal.hpp"

namespace hpo::gp {
namespace {

constexpr double least = -37.0;  // q below which Φ underflows
constexpr double one_over_sqrt_two_pi = 0.39894228040143267794;

}  // namespace

LabelTargets label_targets(std::span<const char> has_value) {
  Vector labels(static_cast<Index>(has_value.size()));
  for (Index i = 0; i < labels.size(); ++i) {
    labels[i] = has_value[static_cast<std::size_t>(i)] != 0 ? 1.0 : 0.0;
  }
  const double mean = labels.mean();
  const double deviation = std::sqrt(mean * (1.0 - mean));
  return {.targets = standardised(std::move(labels)), .middle = (0.5 - mean) / deviation};
}

LogFeasibility log_feasibility(const Prediction& prediction, double noise, double middle) {
  LogFeasibility result{.value = Vector(prediction.mean.size())};
  result.slopes.resize(prediction.mean_slopes.rows(), prediction.mean_slopes.cols());
  for (Index c = 0; c < result.value.size(); ++c) {
    const double width = std::sqrt(prediction.variance[c] + noise);
    const double q = std::max((prediction.mean[c] - middle) / width, least);
    const double chance = normal::cdf(q);
    result.value[c] = elementary::log(chance);
    if (result.slopes.size() == 0) continue;
    const double density = one_over_sqrt_two_pi * elementary::exp(-0.5 * q * q);
    const double by_q = q > least ? density / chance : 0.0;
    result.slopes.col(c) =
        by_q / width * (prediction.mean_slopes.col(c) -
                        0.5 * q / width * prediction.variance_slopes.col(c));
  }
  return result;
}

// The wider, the nearer is P to a half: from below that, up.
Vector log_feasibility_bound(const Prediction& bound, double noise, double middle) {
  Vector result = log_feasibility(bound, noise, middle).value;
  for (Index c = 0; c < result.size(); ++c) {
    if (bound.mean[c] >= middle) result[c] = 0.0;
  }
  return result;
}

}  // namespace hpo::gp
