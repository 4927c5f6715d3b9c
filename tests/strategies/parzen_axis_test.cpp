// Kernels along one axis: each is a distribution, as wide as its neighbours are away.
#include "strategies/parzen_axis.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "tests/strategies/spaces.hpp"

namespace hpo {
namespace {

// The density of each kernel at u, or the mass of u's cell.
std::vector<double> at(const ParzenAxis& axis, double u, std::size_t kernels) {
  std::vector<double> logs(kernels, 0.0);
  axis.add_normalisers(logs);
  const std::vector<double> masses = axis.has_cells() ? axis.masses(u) : std::vector<double>();
  axis.add(u, masses, 0, logs);
  for (double& log : logs) log = std::exp(log);
  return logs;
}

}  // namespace

TEST_CASE("the masses of a kernel's cells sum to one", "[parzen]") {
  const Domain domain = GENERATE(Domain(IntDomain{.low = 0, .high = 9}),
                                 choice({integer(1), integer(2), 0.5, integer(4)}));
  const UnitCube cube(space_of_domains({domain}));
  const double width = cube.cell(0, 0.0).high;
  const std::vector<double> middles{width / 2, width / 2, width / 2, 1.5 * width, 1.0 - width / 2};
  const ParzenAxis axis(cube, 0, middles);
  std::vector<double> sums(middles.size() + 1, 0.0);
  for (double u = width / 2; u < 1.0; u += width) {
    const auto masses = at(axis, u, sums.size());
    for (std::size_t k = 0; k < sums.size(); ++k) sums[k] += masses[k];
  }
  for (const double sum : sums) CHECK(sum == Approx(1.0).epsilon(1e-12));
}

TEST_CASE("a kernel is 0.7 times as wide as its farther neighbour is away", "[parzen]") {
  const UnitCube cube(space_of_domains({FloatDomain{}}));
  const ParzenAxis axis(cube, 0, {0.1, 0.11, 0.12, 0.9});  // and the prior at 0.5
  const double widths[] = {0.07, 0.07, 0.266, 0.28, 1.0};  // 0.7 of that, no less than 0.07
  const double middles[] = {0.1, 0.11, 0.12, 0.9, 0.5};
  for (std::size_t k = 0; k < 5; ++k) {
    const double middle = at(axis, middles[k], 5)[k];
    const double away = at(axis, middles[k] + 0.05, 5)[k];
    CHECK(std::log(away / middle) == Approx(-0.5 * std::pow(0.05 / widths[k], 2)));
  }
}

TEST_CASE("kernels may be narrower than usual, down to the least width that is told", "[parzen]") {
  const UnitCube cube(space_of_domains({FloatDomain{}}));
  const ParzenAxis axis(cube, 0, {0.1, 0.11, 0.12, 0.9}, 0.02);
  const double widths[] = {0.02, 0.02, 0.266, 0.28, 1.0};
  const double middles[] = {0.1, 0.11, 0.12, 0.9, 0.5};
  for (std::size_t k = 0; k < 5; ++k) {
    const double ratio = at(axis, middles[k] + 0.05, 5)[k] / at(axis, middles[k], 5)[k];
    CHECK(std::log(ratio) == Approx(-0.5 * std::pow(0.05 / widths[k], 2)));
  }
}

TEST_CASE("many kernels have the least width and stay distributions", "[parzen]") {
  const UnitCube cube(space_of_domains({FloatDomain{}}));
  std::vector<double> middles;
  for (int i = 0; i < 500; ++i) middles.push_back(i / 499.0);
  const ParzenAxis axis(cube, 0, middles);
  constexpr int steps = 4000;
  std::vector<double> sums(501, 0.0);
  for (int i = 0; i < steps; ++i) {
    const auto densities = at(axis, (i + 0.5) / steps, sums.size());
    for (std::size_t k = 0; k < sums.size(); ++k) sums[k] += densities[k] / steps;
  }
  for (const double sum : sums) {
    CHECK(sum / std::sqrt(2.0 * 3.14159265358979) == Approx(1.0).epsilon(1e-4));
  }
}

TEST_CASE("draws of a kernel lie around it, and in the middle of cells", "[parzen]") {
  const UnitCube cube(space_of_domains({FloatDomain{}, IntDomain{.low = 0, .high = 3}}));
  const ParzenAxis free(cube, 0, {0.3});
  CHECK(free.draw(0, 0.5) == Approx(0.3).margin(0.2));
  CHECK(free.draw(0, 0.0) == Approx(0.0).margin(1e-9));
  CHECK(free.draw(0, 0.2) < free.draw(0, 0.8));
  const ParzenAxis cells(cube, 1, {0.375});
  for (const double u : {0.0, 0.1, 0.5, 0.9, 0.999}) {
    const double drawn = 4.0 * cells.draw(0, u) - 0.5;
    CHECK(drawn == std::floor(drawn));
  }
}

}  // namespace hpo
