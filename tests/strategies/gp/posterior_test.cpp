// The posterior against reference.py, its slopes against differences, its growth bit by bit.
#include "strategies/gp/posterior.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "tests/strategies/gp/reference.hpp"

namespace hpo::gp {
namespace {

Posterior reference_posterior() {
  Posterior posterior(reference_kernel(), reference_points());
  posterior.set_targets(reference_targets());
  return posterior;
}

Posterior conditional_posterior() {
  Posterior posterior({.is_ordered = {1, 1}, .is_conditional = {0, 1},
                       .weights = Vector{{2.0, 0.5}}, .scale = 1.3, .noise = 0.05},
                      Table{{0.10, absent}, {0.40, 0.90}, {0.75, 0.35}, {0.95, absent},
                            {0.30, 0.55}, {0.60, 0.05}});
  posterior.set_targets(reference_targets());
  return posterior;
}

// Of n points, factorised at once and the others appended.
Posterior grown(Index at_once, Index n) {
  Table points(n, 3);
  Vector targets(n);
  for (Index i = 0; i < n; ++i) {
    const auto t = static_cast<double>(i + 1);
    points.row(i) << std::fmod(t * 0.618034, 1.0), std::fmod(t * 0.754878, 1.0), 0.25;
    targets[i] = std::sin(t);
  }
  Posterior posterior(reference_kernel(), points.topRows(at_once));
  for (Index i = at_once; i < n; ++i) posterior.append(points.row(i).transpose());
  posterior.set_targets(targets);
  return posterior;
}

}  // namespace

TEST_CASE("mean and variance are those of reference.py", "[gp]") {
  const Prediction at = reference_posterior().predict(reference_asked(), Want::values);
  CHECK(at.mean[0] == Approx(0.00326261601).epsilon(1e-8));
  CHECK(at.mean[1] == Approx(0.562685084588).epsilon(1e-10));
  CHECK(at.variance[0] == Approx(0.033339348099).epsilon(1e-9));
  CHECK(at.variance[1] == Approx(0.049246498349).epsilon(1e-9));
}

TEST_CASE("axes that are not active everywhere count as reference.py says", "[gp]") {
  const Posterior posterior = conditional_posterior();
  const Table asked{{0.20, 0.85}, {0.30, absent}};
  const Prediction at = posterior.predict(asked, Want::slopes);
  CHECK(at.mean[0] == Approx(-0.453791294652).epsilon(1e-10));
  CHECK(at.mean[1] == Approx(0.858298563291).epsilon(1e-10));
  CHECK(at.variance[0] == Approx(0.109535156725).epsilon(1e-9));
  CHECK(at.variance[1] == Approx(0.068698373554).epsilon(1e-9));
  constexpr double h = 1e-6;
  for (Index j = 0; j < 2; ++j) {
    Table above = asked;
    Table below = asked;
    above(j, 0) += h;
    below(j, 0) -= h;
    const Prediction up = posterior.predict(above, Want::values);
    const Prediction down = posterior.predict(below, Want::values);
    CHECK(at.mean_slopes(j, 0) == Approx((up.mean[0] - down.mean[0]) / (2 * h)).epsilon(1e-6));
    CHECK(at.variance_slopes(j, 0) ==
          Approx((up.variance[0] - down.variance[0]) / (2 * h)).epsilon(1e-6));
  }
  CHECK(at.mean_slopes(1, 1) == 0.0);  // absent: nowhere to go
  CHECK(at.variance_slopes(1, 1) == 0.0);
}

TEST_CASE("slopes are what differences say", "[gp]") {
  const Posterior posterior = reference_posterior();
  const Table asked = reference_asked();
  const Prediction at = posterior.predict(asked, Want::slopes);
  constexpr double h = 1e-6;
  for (Index j = 0; j < 2; ++j) {  // the third axis has no order, and no slope
    Table above = asked;
    Table below = asked;
    above.row(j).array() += h;
    below.row(j).array() -= h;
    const Prediction up = posterior.predict(above, Want::values);
    const Prediction down = posterior.predict(below, Want::values);
    for (Index c = 0; c < 2; ++c) {
      CHECK(at.mean_slopes(j, c) == Approx((up.mean[c] - down.mean[c]) / (2 * h)).epsilon(1e-6));
      CHECK(at.variance_slopes(j, c) ==
            Approx((up.variance[c] - down.variance[c]) / (2 * h)).epsilon(1e-6));
    }
  }
  CHECK(at.mean_slopes.row(2).isZero(0.0));
}

TEST_CASE("appended points and points factorised at once say the same", "[gp]") {
  const Table asked = reference_asked();
  const Prediction one = grown(150, 150).predict(asked, Want::values);
  const Prediction other = grown(20, 150).predict(asked, Want::values);
  CHECK((one.mean - other.mean).cwiseAbs().maxCoeff() < 1e-10);
  CHECK((one.variance - other.variance).cwiseAbs().maxCoeff() < 1e-10);
}

TEST_CASE("a copy that grew leaves its origin as it was, bit for bit", "[gp]") {
  const Table asked = reference_asked();
  Posterior origin = grown(40, 60);
  Posterior copy = origin;
  for (int i = 0; i < 80; ++i) copy.append(Vector{{0.01 * i, 0.5, 0.75}});
  origin.append(Vector{{0.3, 0.3, 0.25}});
  Posterior other = grown(40, 60);
  other.append(Vector{{0.3, 0.3, 0.25}});
  const Prediction one = origin.predict(asked, Want::slopes);
  const Prediction two = other.predict(asked, Want::slopes);
  CHECK(one.mean == two.mean);
  CHECK(one.variance_slopes == two.variance_slopes);
}

TEST_CASE("the bound is never below the variance, and knows which point is one of the trials",
          "[gp]") {
  const Posterior posterior = grown(30, 30);
  Table asked(3, 50);
  for (Index c = 0; c < 50; ++c) {
    const auto t = static_cast<double>(c);
    asked.col(c) << std::fmod(t * 0.31, 1.0), std::fmod(t * 0.57, 1.0), 0.25;
  }
  asked.col(7) << std::fmod(3 * 0.618034, 1.0), std::fmod(3 * 0.754878, 1.0), 0.25;
  const Prediction bound = posterior.bound(asked);
  const Prediction exact = posterior.predict(asked, Want::values);
  CHECK((bound.variance - exact.variance).minCoeff() > -1e-12);
  CHECK((bound.mean - exact.mean).cwiseAbs().maxCoeff() < 1e-12);
  CHECK(bound.nearest[7] == 0.0);
  CHECK(bound.nearest[8] > 0.0);
}

TEST_CASE("without points it believes the prior; many equal points are no trouble", "[gp]") {
  const Prediction prior = Posterior(reference_kernel()).predict(reference_asked(), Want::slopes);
  CHECK(prior.mean.isZero(0.0));
  CHECK(prior.variance == Vector::Constant(2, 1.3));
  Kernel kernel = reference_kernel();
  kernel.noise = 1e-6;
  kernel.scale = 100.0;
  Posterior equal(kernel, Table::Constant(200, 3, 0.5));
  for (int i = 0; i < 100; ++i) equal.append(Vector::Constant(3, 0.5));
  equal.set_targets(Vector::Ones(300));
  const Prediction at = equal.predict(Table::Constant(3, 1, 0.5), Want::values);
  CHECK(at.mean[0] == Approx(1.0).epsilon(1e-6));
  CHECK(at.variance[0] < 1e-5);
}

}  // namespace hpo::gp
