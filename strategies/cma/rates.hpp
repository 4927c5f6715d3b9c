// The weights and learning rates of a CMA-ES: functions of dimension and population alone.
//
// Hansen (2016), "The CMA evolution strategy: a tutorial", arXiv:1604.00772v2, equations 48 to 58;
// with a diagonal covariance c_1 and c_mu grow by (d + 2) / 3: Ros and Hansen (2008), "A simple
// modification in CMA-ES achieving linear time and space complexity", section 3. Immutable, any
// thread.
#pragma once

#include <cstddef>
#include <vector>

namespace hpo {

struct CmaRates {
  std::vector<double> weights{};  // by rank, the best first; negative ones for the worse half
  double weights_sum = 0.0;
  std::size_t parents = 0;        // mu: those whose mean is the next mean; their weights' sum is 1
  double parents_effective = 0.0;
  double c_1 = 0.0;               // of the rank-one update
  double c_mu = 0.0;              // of the rank-mu update
  double c_c = 0.0;               // of its path
  double c_sigma = 0.0;           // of the step size's path
  double d_sigma = 1.0;           // damping of the step size
  double length = 1.0;            // the expected length of a standard normal vector
};

// The population where none is asked for. REQUIRES: dimension >= 1
std::size_t cma_population(std::size_t dimension);

// REQUIRES: population >= 4. In dimension 0 only the positive weights mean something.
CmaRates cma_rates(std::size_t dimension, std::size_t population, bool is_diagonal);

}  // namespace hpo
