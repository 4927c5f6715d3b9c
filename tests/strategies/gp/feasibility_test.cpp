// The chance of a value: where it is large, and its slope.
#include "strategies/gp/feasibility.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "tests/strategies/gp/reference.hpp"

namespace hpo::gp {
namespace {

// The first axis decides: the points below one half gave a value.
Posterior labels(double& middle) {
  std::vector<char> has_value;
  for (Index i = 0; i < 6; ++i) has_value.push_back(reference_points()(i, 0) < 0.5 ? 1 : 0);
  const LabelTargets labels = label_targets(has_value);
  middle = labels.middle;
  Posterior posterior(reference_kernel(), reference_points());
  posterior.set_targets(labels.targets);
  return posterior;
}

}  // namespace

TEST_CASE("labels have mean 0 and deviation 1, and their middle between them", "[gp]") {
  const LabelTargets labels = label_targets(std::vector<char>{1, 1, 0, 1});
  CHECK(labels.targets.mean() == Approx(0.0).margin(1e-15));
  CHECK(labels.targets.squaredNorm() / 4 == Approx(1.0));
  CHECK(labels.middle == Approx(0.5 * (labels.targets[0] + labels.targets[2])));
}

TEST_CASE("a value is likely near those that gave one, and impossible nowhere", "[gp]") {
  double middle = 0.0;
  const Posterior posterior = labels(middle);
  const Table asked{{0.15, 0.85}, {0.4, 0.4}, {0.25, 0.25}};
  const LogFeasibility at =
      log_feasibility(posterior.predict(asked, Want::values), 0.01, middle);
  CHECK(at.value[0] > std::log(0.9));
  CHECK(at.value[1] < std::log(0.2));
  CHECK(std::isfinite(at.value[1]));
}

TEST_CASE("where it is hopeless, its logarithm is as low as that, and flat at the end", "[gp]") {
  Prediction hopeless{.mean = Vector{{-5.0, -1e6}}, .variance = Vector{{0.0, 0.0}},
                      .mean_slopes = Table::Ones(1, 2), .variance_slopes = Table::Zero(1, 2)};
  const LogFeasibility at = log_feasibility(hopeless, 1.0, 0.0);
  CHECK(at.value[0] == Approx(-15.0649983939887).epsilon(1e-10));  // log Φ(-5)
  CHECK(at.slopes(0, 0) == Approx(5.18650396712584).epsilon(1e-10));  // φ/Φ there
  CHECK(at.value[1] < -600.0);
  CHECK(std::isfinite(at.value[1]));
  CHECK(at.slopes(0, 1) == 0.0);
}

TEST_CASE("its slopes are what differences say", "[gp]") {
  double middle = 0.0;
  const Posterior posterior = labels(middle);
  const Table asked = reference_asked();
  const LogFeasibility at = log_feasibility(posterior.predict(asked, Want::slopes), 0.01, middle);
  for (Index j = 0; j < 2; ++j) {
    const Vector quotient = reference_growth(j, [&](const Table& points) -> Vector {
      return log_feasibility(posterior.predict(points, Want::values), 0.01, middle).value;
    });
    CHECK(at.slopes(j, 0) == Approx(quotient[0]).epsilon(1e-5));
    CHECK(at.slopes(j, 1) == Approx(quotient[1]).epsilon(1e-5));
  }
}

}  // namespace hpo::gp
