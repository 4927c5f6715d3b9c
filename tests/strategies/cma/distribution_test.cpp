// What a trial draws follows from its number.
#include "strategies/cma/distribution.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "tests/strategies/spaces.hpp"

namespace hpo {

TEST_CASE("a trial's noise is standard normal and uniform, and hangs on seed and number", "[cma]") {
  const UnitCube cube(space_of_domains({FloatDomain{}, BoolDomain{}, FloatDomain{}}));
  const CmaLayout layout(cube);
  constexpr int trials = 20'000;
  double sum = 0.0;
  double squares = 0.0;
  double products = 0.0;
  double units = 0.0;
  for (int trial = 0; trial < trials; ++trial) {
    const CmaNoise noise = cma_noise(layout, 7, trial);
    sum += noise.normals[0];
    squares += noise.normals[1] * noise.normals[1];
    products += noise.normals[0] * noise.normals[1];
    units += noise.units[0];
  }
  const double bound = 4.0 / std::sqrt(trials);
  CHECK(std::abs(sum / trials) < bound);
  CHECK(std::abs(squares / trials - 1.0) < 1.5 * bound);
  CHECK(std::abs(products / trials) < bound);
  CHECK(std::abs(units / trials - 0.5) < bound);
  CHECK(cma_noise(layout, 7, 3).normals == cma_noise(layout, 7, 3).normals);
  CHECK(cma_noise(layout, 7, 3).normals != cma_noise(layout, 8, 3).normals);
}

TEST_CASE("a space of choices alone has no normal distribution", "[cma]") {
  const UnitCube cube(space_of_domains({BoolDomain{}, choice({integer(1), integer(2), 0.5})}));
  const CmaLayout layout(cube);
  const CmaDistribution start = cma_start(layout, {}, 0.2);
  CHECK_FALSE(start.shape);
  const CmaDraw draw = start.draw(cma_noise(layout, 1, 1));
  CHECK(draw.x.empty());
  CHECK(draw.categories.size() == 2);
}

}  // namespace hpo
