// The normal distribution that an active CMA-ES moves through space: mean, step size, covariance.
//
// Hansen (2016), "The CMA evolution strategy: a tutorial", arXiv:1604.00772v2. Coordinates are
// those of layout.hpp, so the cube has width 1. A margin may widen single coordinates (Hamano
// et al. 2022): draws are m + A sigma B D z, and A = 1 without one. Pure values, any thread.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "strategies/cma/covariance.hpp"
#include "strategies/cma/rates.hpp"

namespace hpo {

// From here the whole matrix costs more than it tells: a diagonal one instead.
constexpr std::size_t cma_full_dimension_max = 50;

// Where a normal distribution is.
struct CmaShape {
  std::vector<double> mean{};
  double sigma = 0.2;
  CmaCovariance covariance;
  std::vector<double> widening{};  // A's diagonal, 1 where no margin is at work

  // m + A sigma B D z; z: standard normal numbers, one per coordinate.
  std::vector<double> draw(std::span<const double> z) const;
};

// N(mean, sigma² I). REQUIRES: sigma > 0
CmaShape cma_round_shape(std::vector<double> mean, double sigma);

struct CmaResult {
  std::span<const double> coordinates{};
  // Not drawn from the present shape: its step is cut to a plausible length.
  bool is_injected = false;
};

class CmaGaussian {
 public:
  // REQUIRES: the shape has a coordinate at least; population >= 4
  CmaGaussian(CmaShape shape, std::size_t population);

  const CmaShape& shape() const { return shape_; }
  CmaShape& shape() { return shape_; }  // for the margin, between updates
  const CmaRates& rates() const { return rates_; }
  const std::vector<double>& path() const { return path_; }
  const std::vector<double>& step_path() const { return step_path_; }

  // One generation. REQUIRES: as many results as the population, the best first.
  void update(std::span<const CmaResult> ranked);

 private:
  std::vector<double> steps(std::span<const CmaResult> ranked) const;
  void move_mean(std::span<const double> step);
  void adapt_sigma(std::span<const double> step);
  void adapt_covariance(std::span<const double> step, std::vector<double> steps);
  void limit_sigma();

  CmaShape shape_;
  CmaRates rates_;
  std::vector<double> path_{};       // p_c
  std::vector<double> step_path_{};  // p_sigma
  double unseen_ = 1.0;              // (1 - c_sigma)^(2 g): what p_sigma's start still weighs
};

}  // namespace hpo
