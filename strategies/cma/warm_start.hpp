// Where a run starts that knows earlier trials: a normal distribution around the best of them.
//
// Nomura, Watanabe, Akimoto, Ozaki, Onishi (2021), "Warm starting CMA-ES for hyperparameter
// optimization", arXiv:2012.06932, section 4.2. Pure functions, any thread.
#pragma once

#include <span>
#include <vector>

#include "strategies/cma/gaussian.hpp"

namespace hpo {

inline constexpr std::size_t warm_start_share = 10;  // the best tenth: gamma = 0.1

// `best`: coordinates of the best earlier trials. REQUIRES: one at least, all of one dimension >= 1
CmaShape cma_warm_shape(std::span<const std::vector<double>> best);

}  // namespace hpo
