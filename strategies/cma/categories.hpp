// The categorical distribution beside the normal one: a probability for each value of each choice.
//
// Hamano et al. (2025), "CatCMA with margin", arXiv:2504.07884: natural gradient steps whose length
// adapts to the signal, as in Akimoto et al. (2019), "Adaptive stochastic natural gradient method
// for one-shot neural architecture search" (ASNG), and a floor that keeps every value possible.
// Pure values, any thread.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace hpo {

class CmaCategories {
 public:
  // counts[i] values of choice i, at least 2; probability_min[i]: no value's is less.
  CmaCategories(std::vector<std::size_t> counts, double margin);

  const std::vector<std::vector<double>>& probabilities() const { return probabilities_; }

  // units: uniform in [0, 1), one per choice.
  std::vector<std::size_t> draw(std::span<const double> units) const;

  // One generation: the better half's values, the best first, and its weights of sum 1.
  void update(std::span<const std::vector<std::size_t>* const> better_half,
              std::span<const double> weights);

 private:
  std::vector<double> gradient(std::span<const std::vector<std::size_t>* const> better_half,
                               std::span<const double> weights) const;
  std::vector<double> scaled(std::span<const double> gradient) const;
  void adapt_step(std::span<const double> direction, double length);
  void hold_margin();

  std::vector<std::vector<double>> probabilities_{};
  double margin_ = 0.0;
  double trust_ = 1.0;              // Delta: 1 over the step
  double noise_ = 0.0;              // gamma: what the path's square would be without a signal
  std::vector<double> path_{};      // s
};

}  // namespace hpo
