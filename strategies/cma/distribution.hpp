// What a generation's trials are drawn from: numbers and choices together.
//
// A trial's draw follows from the distribution and the trial's random numbers, which hang on its
// number alone. So whoever sees a trial's values can tell which generation drew it. Pure values,
// any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "strategies/cma/categories.hpp"
#include "strategies/cma/gaussian.hpp"
#include "strategies/cma/layout.hpp"

namespace hpo {

struct CmaNoise {
  std::vector<double> normals{};  // one per number
  std::vector<double> units{};    // one per choice, uniform in [0, 1)
};

CmaNoise cma_noise(const CmaLayout& layout, std::uint64_t seed, int trial);

struct CmaDistribution {
  std::optional<CmaShape> shape{};  // of the numbers; unset without one
  CmaCategories categories;         // may have no choices

  CmaDraw draw(const CmaNoise& noise) const;
};

// Around `mean`, sigma wide in each number; all choices alike. mean: of the layout's numbers.
CmaDistribution cma_start(const CmaLayout& layout, std::vector<double> mean, double sigma);

// Of integers and categories together; 0 where there are none.
double cma_margin_of(const CmaLayout& layout);

}  // namespace hpo
