// The tutorial's table 1, line by line.
#include "strategies/cma/rates.hpp"

#include <algorithm>
#include <cmath>

#include "schema/assert.hpp"
#include "strategies/elementary.hpp"

namespace hpo {
namespace {

struct Sums {
  double positive = 0.0;
  double negative = 0.0;            // of absolute values
  double negative_effective = 0.0;  // mu_eff of the worse half
};

std::vector<double> raw_weights(std::size_t population) {
  std::vector<double> weights(population);
  const double middle = elementary::log((static_cast<double>(population) + 1.0) / 2.0);
  for (std::size_t i = 0; i < population; ++i) {
    weights[i] = middle - elementary::log(static_cast<double>(i) + 1.0);  // eq. 49
  }
  return weights;
}

// (sum w)² / sum w² of the ranks [first, last).
double effective(const std::vector<double>& weights, std::size_t first, std::size_t last) {
  double sum = 0.0;
  double squares = 0.0;
  for (std::size_t i = first; i < last; ++i) {
    sum += weights[i];
    squares += weights[i] * weights[i];
  }
  return squares > 0.0 ? sum * sum / squares : 0.0;
}

Sums sums_of(const std::vector<double>& weights, std::size_t parents) {
  Sums sums{.negative_effective = effective(weights, parents, weights.size())};
  for (const double w : weights) (w > 0.0 ? sums.positive : sums.negative) += std::abs(w);
  return sums;
}

void set_covariance_rates(CmaRates& rates, double d, bool is_diagonal) {
  const double mu = rates.parents_effective;
  rates.c_1 = 2.0 / ((d + 1.3) * (d + 1.3) + mu);                           // eq. 57
  const double c_mu = 2.0 * (mu - 2.0 + 1.0 / mu) / ((d + 2.0) * (d + 2.0) + mu);
  const double faster = is_diagonal ? (d + 2.0) / 3.0 : 1.0;
  rates.c_1 = std::min(rates.c_1 * faster, 0.5);
  constexpr double rest = 1e-8;  // keeps a little of the old matrix in a large population
  rates.c_mu = std::min(1.0 - rates.c_1 - rest, c_mu * faster);             // eq. 58
  rates.c_c = (4.0 + mu / d) / (d + 4.0 + 2.0 * mu / d);                    // eq. 56
}

void set_step_rates(CmaRates& rates, double d) {
  const double mu = rates.parents_effective;
  rates.c_sigma = (mu + 2.0) / (d + mu + 5.0);                              // eq. 55
  rates.d_sigma = 1.0 + 2.0 * std::max(0.0, std::sqrt((mu - 1.0) / (d + 1.0)) - 1.0) +
                  rates.c_sigma;
  rates.length = std::sqrt(d) * (1.0 - 1.0 / (4.0 * d) + 1.0 / (21.0 * d * d));
}

void scale_weights(CmaRates& rates, double d, const Sums& sums) {
  const double least = std::min({
      1.0 + rates.c_1 / rates.c_mu,                                              // eq. 50
      1.0 + 2.0 * sums.negative_effective / (rates.parents_effective + 2.0),     // eq. 51
      (1.0 - rates.c_1 - rates.c_mu) / (d * rates.c_mu)});                       // eq. 52
  for (double& w : rates.weights) {
    w *= w >= 0.0 ? 1.0 / sums.positive : least / sums.negative;                 // eq. 53
    rates.weights_sum += w;
  }
}

}  // namespace

std::size_t cma_population(std::size_t dimension) {
  HPO_ASSERT(dimension > 0, "a space without coordinates has no population");
  const double more = std::floor(3.0 * elementary::log(static_cast<double>(dimension)));
  return 4 + static_cast<std::size_t>(more);  // eq. 48
}

CmaRates cma_rates(std::size_t dimension, std::size_t population, bool is_diagonal) {
  HPO_ASSERT(population >= 4, "a smaller population has no worse half to learn from");
  const double d = static_cast<double>(std::max<std::size_t>(dimension, 1));
  CmaRates rates;
  rates.weights = raw_weights(population);
  rates.parents = population / 2;
  rates.parents_effective = effective(rates.weights, 0, rates.parents);
  const Sums sums = sums_of(rates.weights, rates.parents);
  set_covariance_rates(rates, d, is_diagonal);
  set_step_rates(rates, d);
  scale_weights(rates, d, sums);
  return rates;
}

}  // namespace hpo
