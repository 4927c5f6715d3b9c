// How runs follow each other.
#include "strategies/cma/restarts.hpp"

#include <catch2/catch.hpp>

namespace hpo {
namespace {

constexpr CmaLaunch first_launch{.population = 10, .sigma = 0.2};

}  // namespace

TEST_CASE("ipop doubles the population with each restart, nine times at most", "[cma]") {
  CmaRestarts restarts(CmaRestartRule::ipop, first_launch);
  CHECK(restarts.next(100, 0.5, 0.5).population == 20);
  CHECK(restarts.next(100, 0.5, 0.5).population == 40);
  for (int i = 0; i < 20; ++i) restarts.next(100, 0.5, 0.5);
  const CmaLaunch last = restarts.next(100, 0.5, 0.5);
  CHECK(last.population == 10 * 512);
  CHECK((last.sigma == 0.2 && last.results_max == 0));
}

TEST_CASE("bipop runs small populations until they have used as much as the large ones", "[cma]") {
  CmaRestarts restarts(CmaRestartRule::bipop, first_launch);
  CHECK(restarts.next(1000, 0.5, 0.5).population == 20);  // large after the first
  const CmaLaunch small = restarts.next(3000, 0.999999, 0.5);
  CHECK(small.population == 10);  // 10 (20 / 10 / 2)^(U²)
  CHECK(small.sigma == Approx(0.02));  // a tenth: 10^(-2 U)
  CHECK(small.results_max == 1500);
  CHECK(restarts.next(1400, 0.0, 0.0).results_max == 1500);  // 1400 < 3000: small again
  CHECK(restarts.next(1700, 0.0, 0.0).population == 40);     // 3100 >= 3000: large
  const CmaLaunch larger = restarts.next(5000, 0.999999, 0.0);
  CHECK(larger.population == 19);  // just below 10 (40 / 10 / 2)
  CHECK(larger.sigma == 0.2);
}

}  // namespace hpo
