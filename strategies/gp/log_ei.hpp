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

}  // namespace hpo::gp
