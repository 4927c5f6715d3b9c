// The logarithm of the expected improvement, precise where the improvement itself underflows.
//
// Ament et al. (2023), "Unexpected improvements to expected improvement for Bayesian optimization",
// section 4: log EI = log σ + log h(z), z = (μ - f*)/σ, h(z) = z Φ(z) + φ(z). Pure, any thread.
#pragma once

namespace hpo::gp {

struct LogEi {
  double value = 0.0;
  double by_mean = 0.0;       // ∂/∂μ
  double by_deviation = 0.0;  // ∂/∂σ
};

// REQUIRES: deviation > 0, all finite. Relative errors of h below 1e-8.
LogEi log_ei(double mean, double deviation, double threshold);

// What is left of it where values are noisy: log(1 - σ_n / √(σ² + σ_n²)), of which a trial beside
// others has little, for it tells of their noise. Without it a search repeats its best trial.
// Huang et al. (2006), "Global optimization of stochastic black-box systems via sequential kriging
// meta-models", eq. 12. REQUIRES: deviation > 0, noise (a variance) >= 0
struct LogAugmentation {
  double value = 0.0;
  double by_deviation = 0.0;  // ∂/∂σ
};
LogAugmentation log_augmentation(double deviation, double noise);

}  // namespace hpo::gp
