// exp and log against libm, and their ends.
#include "strategies/elementary.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#include <catch2/catch.hpp>

#include "strategies/random_bits.hpp"

namespace hpo {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double ulps_allowed = 2.0;  // of libm: each of us may be off by one
constexpr std::uint64_t arguments = 1'000'000;

// How many doubles lie between a and b, which have the same sign.
double ulps(double a, double b) {
  const auto x = std::bit_cast<std::int64_t>(a);
  const auto y = std::bit_cast<std::int64_t>(b);
  return std::abs(static_cast<double>(x - y));
}

TEST_CASE("log is within 2 ulp of libm for positive numbers of every size", "[elementary]") {
  double worst = 0.0;
  for (std::uint64_t i = 0; i < arguments; ++i) {
    const double x = std::bit_cast<double>(random_bits({.trial = i}) >> 1U);
    if (std::isfinite(x) && x > 0.0) worst = std::max(worst, ulps(elementary::log(x), std::log(x)));
  }
  CHECK(worst <= ulps_allowed);
}

TEST_CASE("log is within 2 ulp of libm near 1, where it cancels", "[elementary]") {
  double worst = 0.0;
  for (std::uint64_t i = 0; i < arguments; ++i) {
    const double x = 0.5 + 1.5 * random_unit({.trial = i});
    worst = std::max(worst, ulps(elementary::log(x), std::log(x)));
    const double y = 1.0 + (random_unit({.trial = i, .index = 1}) - 0.5) * 0x1.0p-20;
    if (y != 1.0) worst = std::max(worst, ulps(elementary::log(y), std::log(y)));
  }
  CHECK(worst <= ulps_allowed);
}

TEST_CASE("exp is within 2 ulp of libm over its whole range", "[elementary]") {
  double worst = 0.0;
  for (std::uint64_t i = 0; i < arguments; ++i) {
    const double u = random_unit({.trial = i});
    for (const double x : {-745.0 + u * 1454.7, u - 0.5, (u - 0.5) * 1e-10}) {
      worst = std::max(worst, ulps(elementary::exp(x), std::exp(x)));
    }
  }
  CHECK(worst <= ulps_allowed);
}

TEST_CASE("exp of many values has the bits of exp of each", "[elementary]") {
  std::vector<double> values{0.0, -0.0, infinity, -infinity, 709.8, 710.1, -745.1, -745.2, -800.0};
  for (std::uint64_t i = 0; i < arguments; ++i) {
    values.push_back(-750.0 + 1460.0 * random_unit({.trial = i}));
  }
  std::vector<double> together = values;
  elementary::exp_each(together);
  std::size_t different = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (together[i] != elementary::exp(values[i])) ++different;
  }
  CHECK(different == 0);
}

TEST_CASE("exp and log have their exact values and their ends", "[elementary]") {
  CHECK(elementary::log(1.0) == 0.0);
  CHECK(elementary::log(0.0) == -infinity);
  CHECK(elementary::log(infinity) == infinity);
  CHECK(std::isnan(elementary::log(-1.0)));
  CHECK(std::isnan(elementary::log(std::nan(""))));
  CHECK(elementary::log(5e-324) == std::log(5e-324));
  CHECK(elementary::exp(0.0) == 1.0);
  CHECK(elementary::exp(-0.0) == 1.0);
  CHECK(elementary::exp(709.782712893384) == std::exp(709.782712893384));
  CHECK(elementary::exp(709.79) == infinity);
  CHECK(elementary::exp(infinity) == infinity);
  CHECK(elementary::exp(-745.13) == 5e-324);
  CHECK(elementary::exp(-745.14) == 0.0);
  CHECK(elementary::exp(-infinity) == 0.0);
  CHECK(std::isnan(elementary::exp(std::nan(""))));
}

TEST_CASE("the bits of exp and log are pinned, because stored studies replay", "[elementary]") {
  std::uint64_t digest = 0;
  for (std::uint64_t i = 0; i < 10'000; ++i) {
    const double u = random_unit({.trial = i});
    digest = mix(digest ^ std::bit_cast<std::uint64_t>(elementary::exp(40.0 * u - 20.0)));
    digest = mix(digest ^ std::bit_cast<std::uint64_t>(elementary::log(u + 0x1.0p-60)));
  }
  CHECK(digest == 0x65e40d93eced5f2bU);
}

}  // namespace hpo
