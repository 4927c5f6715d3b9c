// Both acquisition functions: slopes against differences, bounds, and what is left out.
#include "strategies/gp/acquisition.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "tests/strategies/gp/reference.hpp"

namespace hpo::gp {
namespace {

struct Promise {
  Posterior finished{reference_kernel(), reference_points()};
  OpenPoints none{finished};
  OpenPoints open{finished};

  Promise() {
    finished.set_targets(reference_targets());
    open.add(Vector{{0.80, 0.50, 0.75}});
  }
  Acquisition acquisition(Acquisition::Kind kind, double threshold) const {
    return {finished, open, {.kind = kind, .threshold = threshold}};
  }
};

}  // namespace

TEST_CASE("slopes of both kinds are what differences say", "[gp]") {
  const Promise scene;
  const auto kind = GENERATE(Acquisition::Kind::improve, Acquisition::Kind::explore);
  // Exploration: once with the penalty for a hopeless mean, once without.
  const double threshold = GENERATE(1.1, -2.0);
  const Acquisition acquisition = scene.acquisition(kind, threshold);
  const Table asked = reference_asked();
  const AcquisitionValues at = acquisition.values(asked, Want::slopes);
  CHECK(at.values == acquisition.values(asked, Want::values).values);
  for (Index j = 0; j < 2; ++j) {
    const Vector quotient = reference_growth(j, [&](const Table& points) -> Vector {
      return acquisition.values(points, Want::values).values;
    });
    CHECK(at.slopes(j, 0) == Approx(quotient[0]).epsilon(1e-5).margin(1e-7));
    CHECK(at.slopes(j, 1) == Approx(quotient[1]).epsilon(1e-5).margin(1e-7));
  }
}

TEST_CASE("an open trial repels: both kinds are smaller beside it than without it", "[gp]") {
  const Promise scene;
  const Table beside{{0.81}, {0.5}, {0.75}};
  for (const auto kind : {Acquisition::Kind::improve, Acquisition::Kind::explore}) {
    const Acquisition alone(scene.finished, scene.none, {.kind = kind, .threshold = 1.1});
    CHECK(scene.acquisition(kind, 1.1).values(beside, Want::values).values[0] <
          alone.values(beside, Want::values).values[0]);
  }
}

TEST_CASE("bounds that count failures are not below values either", "[gp]") {
  const Promise scene;
  Posterior labels(Kernel{.is_ordered = {1, 1}, .weights = Vector{{3.0, 3.0}}, .noise = 0.01},
                   reference_points().leftCols(2));
  labels.set_targets(reference_targets());
  Table asked(3, 60);
  for (Index c = 0; c < 60; ++c) {
    const auto t = static_cast<double>(c);
    asked.col(c) << std::fmod(t * 0.618034, 1.0), std::fmod(t * 0.754878, 1.0), 0.25;
  }
  const Acquisition acquisition(scene.finished, scene.open,
      {.threshold = 1.1, .feasible = &labels, .feasible_middle = 0.1, .feasible_weight = 3.0,
       .bounds_feasible = true});
  const Vector above = acquisition.bounds(asked) - acquisition.values(asked, Want::values).values;
  CHECK(above.minCoeff() > -1e-9);
}

TEST_CASE("what was tried at another level is promised nothing", "[gp]") {
  const Promise scene;
  TriedPoints tried(2);
  tried.add(Vector{{0.3, 0.4, 0.25}});
  const Acquisition acquisition(scene.finished, scene.open, {.threshold = 1.1, .tried = &tried});
  const Table asked{{0.3, 0.3}, {0.4, 0.41}, {0.75, 0.75}};
  for (const Vector& values :
       {acquisition.values(asked, Want::values).values, acquisition.bounds(asked)}) {
    CHECK(std::isinf(values[0]));
    CHECK(std::isfinite(values[1]));
  }
}

TEST_CASE("bounds are never below values", "[gp]") {
  const Promise scene;
  Table asked(3, 60);
  for (Index c = 0; c < 60; ++c) {
    const auto t = static_cast<double>(c);
    asked.col(c) << std::fmod(t * 0.31, 1.0), std::fmod(t * 0.57, 1.0), c % 2 == 0 ? 0.25 : 0.75;
  }
  for (const auto kind : {Acquisition::Kind::improve, Acquisition::Kind::explore}) {
    const Acquisition acquisition = scene.acquisition(kind, 0.9);
    const Vector values = acquisition.values(asked, Want::values).values;
    CHECK((acquisition.bounds(asked) - values).minCoeff() > -1e-9);
  }
}

TEST_CASE("trials and open trials are left out, unless the study wants repetitions", "[gp]") {
  const Promise scene;
  Table asked(3, 2);
  asked.col(0) = reference_points().row(3).transpose();
  asked.col(1) << 0.80, 0.50, 0.75;
  const auto kind = Acquisition::Kind::improve;
  const Vector values = scene.acquisition(kind, 1.0).values(asked, Want::values).values;
  CHECK(values[0] == -INFINITY);
  CHECK(values[1] == -INFINITY);
  const Acquisition repeating(scene.finished, scene.open,
                              {.threshold = 1.0, .excludes_tried = false});
  CHECK(repeating.values(asked, Want::values).values.allFinite());
}

TEST_CASE("exploration's threshold is the mean where the upper bound is largest", "[gp]") {
  const Promise scene;
  Table asked(3, 2);
  asked.col(0) = reference_points().row(3).transpose();  // the best target
  asked.col(1) = reference_points().row(1).transpose();  // the worst
  const Prediction at = scene.finished.predict(asked, Want::values);
  CHECK(exploration_threshold(scene.finished, asked) == at.mean[0]);
}

}  // namespace hpo::gp
