// The weights and rates of CMA-ES against cma_reference.py.
#include "strategies/cma/rates.hpp"

#include <catch2/catch.hpp>

namespace hpo {

TEST_CASE("weights and rates are those of cma_reference.py", "[cma]") {
  const CmaRates r = cma_rates(10, 10, false);
  CHECK(r.c_1 == Approx(0.0152838245248).epsilon(1e-11));
  CHECK(r.c_mu == Approx(0.0201542827612).epsilon(1e-11));
  CHECK(r.c_c == Approx(0.294990383036).epsilon(1e-11));
  CHECK(r.c_sigma == Approx(0.284428587946).epsilon(1e-11));
  CHECK(r.d_sigma == Approx(1.28442858795).epsilon(1e-11));
  CHECK(r.parents_effective == Approx(3.16729928141).epsilon(1e-11));
  CHECK(r.weights.front() == Approx(0.456272646903).epsilon(1e-11));
  CHECK(r.weights.back() == Approx(-0.586221828779).epsilon(1e-11));
  CHECK(r.weights_sum == Approx(-0.75834127693).epsilon(1e-11));
}

TEST_CASE("a diagonal covariance learns faster", "[cma]") {
  const CmaRates r = cma_rates(60, 16, true);
  CHECK(r.c_1 == Approx(0.0109855132815).epsilon(1e-11));
  CHECK(r.c_mu == Approx(0.0327274627482).epsilon(1e-11));
  CHECK(r.weights.back() == Approx(-0.104534743982).epsilon(1e-11));
}

TEST_CASE("the population grows with the logarithm of the dimension", "[cma]") {
  CHECK(cma_population(1) == 4);
  CHECK(cma_population(10) == 10);
  CHECK(cma_population(20) == 12);
  CHECK(cma_population(512) == 22);
}

TEST_CASE("rates stay legal for every dimension and population", "[cma]") {
  for (const std::size_t dimension : std::vector<std::size_t>{0, 1, 2, 10, 50, 200, 512}) {
    for (const std::size_t population : std::vector<std::size_t>{4, 5, 10, 100, 10'000}) {
      const CmaRates r = cma_rates(dimension, population, dimension > 50);
      INFO("dimension " << dimension << ", population " << population);
      CHECK((r.c_1 > 0.0 && r.c_mu >= 0.0 && r.c_1 + r.c_mu < 1.0));
      CHECK((r.c_sigma > 0.0 && r.c_sigma < 1.0 && r.c_c > 0.0 && r.c_c <= 1.0));
      CHECK(1.0 - r.c_1 - r.c_mu * r.weights_sum > 0.0);
    }
  }
}

}  // namespace hpo
