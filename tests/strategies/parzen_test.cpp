// The density of TPE: against its formulas computed elsewhere, against its integral, and its draws.
#include "strategies/parzen_points.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <map>

#include "strategies/random_bits.hpp"
#include "tests/strategies/spaces.hpp"

namespace hpo {
namespace {

const UnitCube& mixed_cube() {
  static const UnitCube cube(space_of_domains(
      {FloatDomain{}, IntDomain{.low = 0, .high = 9}, choice({integer(1), integer(2), 0.5})}));
  return cube;
}

// The same as in parzen_reference.py.
Parzen mixed() {
  const std::vector<double> points{0.10, 0.25, 1.0 / 6, 0.15, 0.95, 5.0 / 6, 0.80, 0.25, 1.0 / 6};
  return {mixed_cube(), points, std::vector{0.5, 1.0, 1.0}};
}

double log_density(const Parzen& density, std::vector<double> point) {
  return density.log_densities(point).front();
}

double unit(std::uint64_t trial, std::size_t index) {
  return random_unit({.trial = trial, .index = static_cast<std::uint32_t>(index)});
}

}  // namespace

TEST_CASE("the density is that of parzen_reference.py", "[parzen]") {
  const Parzen density = mixed();
  CHECK(log_density(density, {0.12, 0.25, 1.0 / 6}) == Approx(-0.192445412008));
  CHECK(log_density(density, {0.5, 0.55, 0.5}) == Approx(-3.241697590893));
  CHECK(log_density(density, {0.99, 0.05, 5.0 / 6}) == Approx(-3.197919203540));
}

TEST_CASE("the density's integral is one", "[parzen]") {
  const Parzen density = mixed();
  constexpr int steps = 2000;
  double sum = 0.0;
  for (int i = 0; i < steps; ++i) {
    for (int cell = 0; cell < 10; ++cell) {
      for (const double choice : {1.0 / 6, 0.5, 5.0 / 6}) {
        sum += std::exp(log_density(
            density, {(i + 0.5) / steps, (cell + 0.5) / 10, choice})) / steps;
      }
    }
  }
  const double one = sum / std::sqrt(2.0 * 3.14159265358979);  // of the one normal density
  CHECK(one == Approx(1.0).epsilon(1e-5));
}

TEST_CASE("draws have the density that is told", "[parzen]") {
  const Parzen density = mixed();
  constexpr int draws = 200'000;
  std::map<std::pair<int, int>, int> found;  // by cell and choice; the float is free
  for (std::uint64_t i = 0; i < draws; ++i) {
    const auto point = density.draw([&](std::size_t index) { return unit(i, index); });
    ++found[{static_cast<int>(point[1] * 10), static_cast<int>(point[2] * 3)}];
  }
  for (int cell = 0; cell < 10; ++cell) {
    for (int choice = 0; choice < 3; ++choice) {
      double wanted = 0.0;
      for (int i = 0; i < 500; ++i) {
        wanted += std::exp(log_density(
            density, {(i + 0.5) / 500, (cell + 0.5) / 10, (choice + 0.5) / 3})) / 500;
      }
      wanted /= std::sqrt(2.0 * 3.14159265358979);
      const double share = found[{cell, choice}] / static_cast<double>(draws);
      CHECK(std::abs(share - wanted) < 5.0 * std::sqrt(wanted / draws));
    }
  }
}

TEST_CASE("mixed draws have each axis's own share, and half of what axes share", "[parzen]") {
  const UnitCube cube(space_of_domains({choice({integer(1), integer(2)}),
                                        choice({integer(1), integer(2)})}));
  std::vector<double> points;  // both low or both high
  for (int i = 0; i < 50; ++i) points.insert(points.end(), {0.25, 0.25, 0.75, 0.75});
  const Parzen density(cube, points, std::vector<double>(100, 1.0));
  constexpr int draws = 20'000;
  int low = 0;
  int equal = 0;
  for (std::uint64_t i = 0; i < draws; ++i) {
    const auto point = density.draw_mixed([&](std::size_t index) { return unit(i, index); },
                                          [&](std::size_t a) { return unit(i, 100 + a); });
    low += point[0] < 0.5 ? 1 : 0;
    equal += point[0] == point[1] ? 1 : 0;
  }
  CHECK(std::abs(low / double{draws} - 0.5) < 0.02);
  CHECK(std::abs(equal / double{draws} - 0.625) < 0.02);  // the same kernel: 1/4, another: half
}

TEST_CASE("what is known of the kernels changes no bit", "[parzen]") {
  std::vector<double> points;
  std::vector<double> probes;
  for (std::uint64_t i = 0; i < 300; ++i) {
    for (const std::uint64_t first : {0U, 3U}) {
      const std::vector<double> values{unit(i, first), unit(i, first + 1), unit(i, first + 2)};
      const std::vector<double> point = mixed_cube().to_unit(mixed_cube().from_unit(values));
      auto& some = first == 0 ? points : probes;
      some.insert(some.end(), point.begin(), point.end());
    }
  }
  const std::vector<double> weights(300, 1.0);
  const Parzen plain(mixed_cube(), points, weights);
  const Parzen known(mixed_cube(), points, weights, ParzenAxis::width_least, log_inside(points));
  CHECK(known.log_densities(probes) == plain.log_densities(probes));
  const std::vector<double> wrong(points.size(), 1.0);
  const Parzen used(mixed_cube(), points, weights, ParzenAxis::width_least, wrong);
  CHECK(used.log_densities(probes) != plain.log_densities(probes));
}

TEST_CASE("without points it is the prior, and equal points are no trouble", "[parzen]") {
  const Parzen prior(mixed_cube(), {}, {});
  CHECK(log_density(prior, {0.5, 0.25, 0.5}) >
        log_density(prior, {0.0, 0.25, 0.5}));
  std::vector<double> same;
  for (int i = 0; i < 1000; ++i) same.insert(same.end(), {1.0, 0.95, 0.5});
  const Parzen narrow(mixed_cube(), same, std::vector<double>(1000, 1.0));
  CHECK(std::isfinite(log_density(narrow, {0.0, 0.05, 1.0 / 6})));
  const auto point = narrow.draw([](std::size_t index) { return unit(7, index); });
  for (const double u : point) CHECK((u >= 0.0 && u <= 1.0));
}

}  // namespace hpo
