// Two regimes and their accounts.
#include "strategies/cma/restarts.hpp"

#include <algorithm>
#include <cmath>

#include "strategies/elementary.hpp"

namespace hpo {

CmaLaunch CmaRestarts::next(std::size_t results, double population_unit, double sigma_unit) {
  if (regime_ == Regime::small) small_results_ += results;
  if (regime_ == Regime::large) large_results_ += last_large_ = results;
  const bool is_small = rule_ == CmaRestartRule::bipop && large_results_ > 0 &&
                        small_results_ < large_results_;
  regime_ = is_small ? Regime::small : Regime::large;
  return is_small ? smaller(population_unit, sigma_unit) : larger();
}

CmaLaunch CmaRestarts::larger() {
  doublings_ = std::min(doublings_ + 1, doublings_max);
  return {.population = first_.population << static_cast<unsigned>(doublings_),
          .sigma = first_.sigma};
}

// lambda_s = lambda (lambda_l / lambda / 2)^(U²), sigma_s = sigma 10^(-2 U).
CmaLaunch CmaRestarts::smaller(double population_unit, double sigma_unit) const {
  const double ratio = static_cast<double>(std::size_t{1} << static_cast<unsigned>(doublings_));
  const double power = population_unit * population_unit * elementary::log(0.5 * ratio);
  const double population = static_cast<double>(first_.population) * elementary::exp(power);
  return {.population = std::max<std::size_t>(4, static_cast<std::size_t>(population)),
          .sigma = first_.sigma * elementary::exp(-2.0 * sigma_unit * elementary::log(10.0)),
          .results_max = std::max<std::size_t>(1, last_large_ / 2)};
}

}  // namespace hpo
