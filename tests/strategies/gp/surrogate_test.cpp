// A surrogate that was asked all along, and one that is told everything at once, are one.
#include "strategies/gp/surrogate.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "strategies/gp/schedule.hpp"

namespace hpo::gp {
namespace {

Vector nth(std::size_t i) {
  const auto t = static_cast<double>(i);
  return Vector{{std::fmod(t * 0.618034, 1.0), std::fmod(t * 0.754878, 1.0)}};
}

Vector targets_of(Index count) {
  Vector targets(count);
  for (Index i = 0; i < count; ++i) {
    const Vector point = nth(static_cast<std::size_t>(i) + 1);
    targets[i] = std::sin(6 * point[0]) - point[1];
  }
  return targets;
}

}  // namespace

TEST_CASE("fits come at counts that depend on the last one alone, ever more rarely", "[gp]") {
  CHECK(next_fit(0) == 1);
  CHECK(next_fit(31) == 32);
  CHECK(next_fit(160) == 170);
  CHECK(next_fit(8000) == 9000);
  int fits = 0;
  for (std::size_t n = 0; n <= 100'000; n = next_fit(n)) ++fits;
  CHECK(fits < 200);
}

TEST_CASE("kept and rebuilt surrogates are equal bit for bit, at every count", "[gp]") {
  const Prior prior{.is_ordered = {1, 1}};
  // All points, or an active set from the 50th on.
  const auto limits = GENERATE(Surrogate::Limits{},
                               Surrogate::Limits{.exact = 50, .local = 30, .renewed_every = 8});
  Surrogate kept(prior, limits);
  const Table asked{{0.3, 0.9}, {0.4, 0.1}};
  for (std::size_t n = 1; n <= 150; ++n) {
    kept.add(nth(n), n);
    if (n % 3 == 0 || n > 60) kept.follow(n, targets_of);
    if (n % 12 != 0 && n != 150) continue;
    Surrogate rebuilt(prior, limits);
    for (std::size_t i = 1; i <= n; ++i) rebuilt.add(nth(i), i);
    rebuilt.follow(n, targets_of);
    const Prediction one = kept.posterior().predict(asked, Want::slopes);
    const Prediction two = rebuilt.posterior().predict(asked, Want::slopes);
    INFO("after " << n);
    REQUIRE(one.mean == two.mean);
    REQUIRE(one.variance == two.variance);
    REQUIRE(one.mean_slopes == two.mean_slopes);
  }
  CHECK(kept.posterior().size() <= std::min<Index>(150, limits.exact));
  CHECK(kept.posterior().predict(asked, Want::values).mean[0] ==
        Approx(std::sin(1.8) - 0.4).margin(0.05));
}

}  // namespace hpo::gp
