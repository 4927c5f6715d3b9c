// The categorical distribution against cma_reference.py, its floor and its draws.
#include "strategies/cma/categories.hpp"

#include <catch2/catch.hpp>

#include "strategies/cma/margin.hpp"
#include "strategies/cma/rates.hpp"
#include "tests/strategies/cma/fraction.hpp"

namespace hpo {
namespace {

std::vector<double> weights_of(std::size_t population) {
  const CmaRates rates = cma_rates(1, population, false);
  return {rates.weights.begin(), rates.weights.begin() + static_cast<long>(rates.parents)};
}

}  // namespace

TEST_CASE("five generations of choices are those of cma_reference.py", "[cma]") {
  CmaCategories categories({3, 2}, margin_probability(2));
  for (std::size_t generation = 0; generation < 5; ++generation) {
    std::vector<std::vector<std::size_t>> drawn;
    for (std::size_t k = 0; k < 4; ++k) {
      drawn.push_back({static_cast<std::size_t>(3 * fraction(8 * generation + 2 * k + 1)),
                       static_cast<std::size_t>(2 * fraction(8 * generation + 2 * k + 2))});
    }
    const std::vector<const std::vector<std::size_t>*> half{&drawn[0], &drawn[1], &drawn[2],
                                                            &drawn[3]};
    categories.update(half, weights_of(8));
  }
  const auto& q = categories.probabilities();
  CHECK(q[0][0] == Approx(0.0727998127341).epsilon(1e-10));
  CHECK(q[0][1] == Approx(0.679367421272).epsilon(1e-10));
  CHECK(q[0][2] == Approx(0.247832765993).epsilon(1e-10));
  CHECK(q[1][0] == Approx(0.854400374532).epsilon(1e-10));
}

TEST_CASE("a value that always wins becomes likely, and the others stay possible", "[cma]") {
  CmaCategories categories({4}, 0.27);
  const std::vector<std::size_t> winner{2};
  const std::vector<const std::vector<std::size_t>*> half(5, &winner);
  for (int generation = 0; generation < 200; ++generation) categories.update(half, weights_of(10));
  const auto& q = categories.probabilities()[0];
  CHECK(q[2] == Approx(0.73));
  for (const std::size_t other : std::vector<std::size_t>{0, 1, 3}) CHECK(q[other] == Approx(0.09));
}

TEST_CASE("draws follow the probabilities, up to the ends", "[cma]") {
  const CmaCategories categories({4, 2}, 0.1);
  CHECK(categories.draw(std::vector{0.0, 0.0}) == std::vector<std::size_t>{0, 0});
  CHECK(categories.draw(std::vector{0.26, 0.49}) == std::vector<std::size_t>{1, 0});
  CHECK(categories.draw(std::vector{0.9999999, 0.5}) == std::vector<std::size_t>{3, 1});
}

TEST_CASE("without choices there is nothing to draw and nothing to learn", "[cma]") {
  CmaCategories none({}, 0.0);
  const std::vector<std::size_t> empty;
  const std::vector<const std::vector<std::size_t>*> half(2, &empty);
  none.update(half, std::vector{0.6, 0.4});
  CHECK(none.draw({}).empty());
}

}  // namespace hpo
