// Folding into the cube and back.
#include "strategies/cma/bounds.hpp"

#include <catch2/catch.hpp>

namespace hpo {

TEST_CASE("what is unfolded is folded to itself, and the bounds are reached", "[cma]") {
  for (int i = 0; i <= 1000; ++i) {
    const double u = i / 1000.0;
    CHECK(folded(unfolded(u)) == Approx(u).margin(1e-14));
  }
  CHECK(folded(unfolded(0.0)) == 0.0);
  CHECK(folded(unfolded(1.0)) == 1.0);
}

TEST_CASE("folding is continuous, mirrored at the ends and stays in the cube everywhere", "[cma]") {
  double before = folded(-7.0);
  for (int i = 1; i <= 150'000; ++i) {
    const double u = folded(-7.0 + 1e-4 * i);
    REQUIRE((u >= 0.0 && u <= 1.0));
    REQUIRE(std::abs(u - before) <= 1.0001e-4);  // nowhere steeper than 1
    before = u;
  }
  CHECK(folded(0.5) == 0.5);
  for (const double step : {0.01, 0.3, 0.9}) {
    CHECK(folded(-bound_curve - step) == Approx(folded(-bound_curve + step)));
    CHECK(folded(1.0 + bound_curve + step) == Approx(folded(1.0 + bound_curve - step)));
  }
  CHECK(folded(1e300) >= 0.0);
}

}  // namespace hpo
