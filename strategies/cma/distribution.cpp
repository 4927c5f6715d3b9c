// Random numbers by address, and the shapes that a run may start from.
#include "strategies/cma/distribution.hpp"

#include "strategies/cma/margin.hpp"
#include "strategies/normal.hpp"
#include "strategies/random_bits.hpp"

namespace hpo {

CmaNoise cma_noise(const CmaLayout& layout, std::uint64_t seed, int trial) {
  const auto unit = [&](std::size_t index) {
    return random_unit({.seed = seed, .trial = static_cast<std::uint64_t>(trial),
                        .stream = Stream::population, .index = static_cast<std::uint32_t>(index)});
  };
  CmaNoise noise;
  noise.normals.resize(layout.numbers());
  noise.units.resize(layout.counts().size());
  std::size_t index = 0;
  // Half a unit in the last place up: never 0, whose quantile is infinite.
  for (double& z : noise.normals) z = normal::quantile(unit(index++) + 0x1.0p-54);
  for (double& u : noise.units) u = unit(index++);
  return noise;
}

CmaDraw CmaDistribution::draw(const CmaNoise& noise) const {
  return {.x = shape ? shape->draw(noise.normals) : std::vector<double>(),
          .categories = categories.draw(noise.units)};
}

double cma_margin_of(const CmaLayout& layout) {
  const std::size_t discrete = layout.integers().size() + layout.counts().size();
  return discrete > 0 ? margin_probability(discrete) : 0.0;
}

CmaDistribution cma_start(const CmaLayout& layout, std::vector<double> mean, double sigma) {
  CmaDistribution start{.categories = CmaCategories(layout.counts(), cma_margin_of(layout))};
  if (!mean.empty()) start.shape = cma_round_shape(std::move(mean), sigma);
  return start;
}

}  // namespace hpo
