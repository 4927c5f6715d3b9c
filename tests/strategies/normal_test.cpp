// The normal distribution against libm, and its ends.
#include "strategies/normal.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "strategies/random_bits.hpp"

using namespace hpo;

namespace {

constexpr double endless = std::numeric_limits<double>::infinity();

double reference(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }

}  // namespace

TEST_CASE("the distribution function is libm's to 12 digits, in the tails too", "[normal]") {
  double worst = 0.0;
  for (int i = -3700; i <= 900; ++i) {
    const double x = i / 100.0;
    worst = std::max(worst, std::abs(normal::cdf(x) / reference(x) - 1.0));
  }
  CHECK(worst < 1e-12);
  CHECK(normal::cdf(-endless) == 0.0);
  CHECK(normal::cdf(endless) == 1.0);
  CHECK(normal::cdf(0.0) == 0.5);
  CHECK(std::isnan(normal::cdf(std::nan(""))));
}

TEST_CASE("the mass of a narrow interval keeps its digits in both tails", "[normal]") {
  for (const double a : {-9.0, -3.0, -0.1, 0.2, 3.0, 9.0}) {
    const double b = a + 0.25;
    const double low = std::min(std::abs(a), std::abs(b));
    const double high = std::max(std::abs(a), std::abs(b));
    const double wanted = a < 0.0 && b > 0.0 ? reference(b) - reference(a)
                                             : reference(-low) - reference(-high);
    CHECK(normal::mass(a, b) == Approx(wanted).epsilon(1e-12));
  }
  CHECK(normal::mass(1.0, 1.0) == 0.0);
  CHECK(normal::mass(-endless, endless) == 1.0);
}

TEST_CASE("the quantile is the inverse of the distribution function", "[normal]") {
  for (std::uint64_t i = 0; i < 100'000; ++i) {
    const double p = random_unit({.trial = i});
    REQUIRE(normal::cdf(normal::quantile(p)) == Approx(p).epsilon(1e-13));
  }
  for (const double p : {1e-300, 1e-100, 1e-20, 1e-10, 1e-5, 0.074, 0.076}) {
    CHECK(normal::cdf(normal::quantile(p)) == Approx(p).epsilon(1e-11));
  }
  CHECK(normal::quantile(0.5) == 0.0);
  CHECK(normal::quantile(0.0) == -endless);
  CHECK(normal::quantile(1.0) == endless);
}
