// The formula itself while it has digits; a series of Mills' ratio where Φ and φ cancel.
#include "strategies/gp/log_ei.hpp"

#include <cmath>

#include "strategies/elementary.hpp"
#include "strategies/normal.hpp"

namespace hpo::gp {
namespace {

constexpr double one_over_sqrt_two_pi = 0.39894228040143267794;
constexpr double log_sqrt_two_pi = 0.91893853320467274178;
constexpr double far = -25.0;

}  // namespace

LogEi log_ei(double mean, double deviation, double threshold) {
  const double z = (mean - threshold) / deviation;
  const double log_deviation = elementary::log(deviation);
  if (z > far) {
    const double density = one_over_sqrt_two_pi * elementary::exp(-0.5 * z * z);
    const double below = normal::cdf(z);
    const double h = z * below + density;
    return {.value = log_deviation + elementary::log(h), .by_mean = below / (deviation * h),
            .by_deviation = density / (deviation * h)};
  }
  // With y = 1/z²: Φ/φ = (1 - y + 3y² - 15y³ + 105y⁴ - …)/|z|, so that
  // h/φ = y (1 - 3y + 15y² - 105y³ + 945y⁴ - …)
  const double y = 1.0 / (z * z);
  const double series = 1.0 - y * (3.0 - y * (15.0 - y * (105.0 - y * 945.0)));
  const double mills = -1.0 / z * (1.0 - y * (1.0 - y * (3.0 - y * (15.0 - y * 105.0))));
  const double h = y * series;  // of density
  return {.value = log_deviation - 0.5 * z * z - log_sqrt_two_pi + elementary::log(h),
          .by_mean = mills / (deviation * h), .by_deviation = 1.0 / (deviation * h)};
}

// 1 - σ_n/s = σ²/(s (s + σ_n)) with s² = σ² + σ_n², which keeps its digits where σ is small.
LogAugmentation log_augmentation(double deviation, double noise) {
  const double whole = std::sqrt(deviation * deviation + noise);
  const double sum = whole + std::sqrt(noise);
  const double share = deviation / whole;
  return {.value = elementary::log(share) + elementary::log(deviation / sum),
          .by_deviation = 2.0 / deviation - share / whole - share / sum};
}

}  // namespace hpo::gp
