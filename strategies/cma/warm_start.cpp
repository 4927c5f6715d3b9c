// A mixture of equal round densities at the earlier trials has a normal distribution's moments.
#include "strategies/cma/warm_start.hpp"

#include "schema/assert.hpp"
#include "strategies/elementary.hpp"

namespace hpo {
namespace {

constexpr double radius = 0.1;  // alpha: how far around an earlier trial it is promising

std::vector<double> mean_of(std::span<const std::vector<double>> best) {
  std::vector<double> mean(best[0].size(), 0.0);
  for (const auto& x : best) {
    for (std::size_t i = 0; i < mean.size(); ++i) mean[i] += x[i];
  }
  for (double& m : mean) m /= static_cast<double>(best.size());
  return mean;
}

// alpha² I + the trials' covariance.
std::vector<double> spread_of(std::span<const std::vector<double>> best,
                              std::span<const double> mean) {
  const std::size_t d = mean.size();
  std::vector<double> spread(d * d, 0.0);
  for (std::size_t i = 0; i < d; ++i) {
    for (std::size_t j = 0; j < d; ++j) {
      double& sum = spread[i * d + j];
      for (const auto& x : best) sum += (x[i] - mean[i]) * (x[j] - mean[j]);
      sum /= static_cast<double>(best.size());
    }
    spread[i * d + i] += radius * radius;
  }
  return spread;
}

}  // namespace

CmaShape cma_warm_shape(std::span<const std::vector<double>> best) {
  HPO_ASSERT(!best.empty(), "a warm start has an earlier trial at least");
  CmaShape shape = cma_round_shape(mean_of(best), 1.0);
  const std::size_t d = shape.mean.size();
  std::vector<double> spread = spread_of(best, shape.mean);
  const CmaCovariance whole(d, shape.covariance.is_diagonal(), spread);
  // sigma = det^(1 / 2 d), so that the rest has determinant 1.
  double logs = 0.0;
  for (std::size_t i = 0; i < d; ++i) logs += elementary::log(whole.length(i));
  shape.sigma = elementary::exp(logs / static_cast<double>(d));
  for (double& s : spread) s /= shape.sigma * shape.sigma;
  shape.covariance = CmaCovariance(d, shape.covariance.is_diagonal(), spread);
  return shape;
}

}  // namespace hpo
