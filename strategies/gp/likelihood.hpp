// How well a kernel explains targets: the log marginal likelihood and a prior, with its gradient.
//
// Rasmussen and Williams (2006), eq. 5.8 and 5.9; the priors are those of Optuna 5: λ + 1/λ is
// kept small, s ~ Gamma(2, 1), σ² ~ Gamma(1.1, 30). Above 20 axes the prior's λ falls with their
// number, so that distances do not grow with it: Hvarfner et al. (2024), "Vanilla Bayesian
// optimization performs great in high dimensions", section 4; and it is ten times as strict, as
// there are fewer trials for each length. O(n³). One thread at a time.
#pragma once

#include "strategies/gp/kernel.hpp"

namespace hpo::gp {

// What is known of a kernel before any value.
struct Prior {
  std::vector<char> is_ordered{};      // per axis
  std::vector<char> is_conditional{};  // as in Kernel
  double noise_least = 1e-6;
  bool learns_noise = true;  // else it is noise_least

  Index dimension() const { return static_cast<Index>(is_ordered.size()); }
  double usual_weight() const;  // where the prior of λ has its mode
  double strictness() const;    // how fast it falls from there
};

// Parameters: ln λ per axis, ln s, and ln(σ² - noise_least) if the noise is learned.
Vector parameters_of(const Kernel& kernel, const Prior& prior);
Kernel kernel_of(const Vector& parameters, const Prior& prior);
Kernel usual_kernel(const Prior& prior);

class Likelihood {
 public:
  // points: n × axes, unscaled. REQUIRES: both outlive this
  Likelihood(const Table& points, const Vector& targets, const Prior& prior)
      : points_(points), targets_(targets), prior_(prior) {}

  // The negative logarithm of likelihood times prior, up to a constant; infinity where the matrix
  // is not positive definite. Fills `gradient`.
  double operator()(const Vector& parameters, Vector& gradient);

 private:
  void build(const Kernel& kernel);
  bool invert();
  void add_weights(const Kernel& kernel, Vector& gradient) const;

  const Table& points_;
  const Vector& targets_;
  const Prior& prior_;
  Table scaled_{};
  Table matrix_{};  // lower triangle: A, then its factor, then its inverse
  Table slopes_{};  // lower triangle: s dk/d(r²), then times ααᵀ - A⁻¹
  Vector alpha_{};  // A⁻¹ targets
  double log_determinant_ = 0.0;
};

}  // namespace hpo::gp
