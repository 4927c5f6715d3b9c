// Open points against reference.py and against one factor of everything; many of them against
// differences and bounds.
#include "strategies/gp/open_points.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "tests/strategies/gp/reference.hpp"

namespace hpo::gp {
namespace {

Vector nth(Index i) {
  const auto t = static_cast<double>(i + 1);
  return Vector{{std::fmod(t * 0.618034, 1.0), std::fmod(t * 0.754878, 1.0),
                 i % 2 == 0 ? 0.25 : 0.75}};
}

struct Scene {
  Posterior finished{reference_kernel(), reference_points()};
  OpenPoints open{finished};
  Posterior joint = finished;  // with the open points appended

  explicit Scene(Index opened) {
    finished.set_targets(reference_targets());
    for (Index i = 0; i < opened; ++i) {
      open.add(nth(i));
      joint.append(nth(i));
    }
  }
  Prediction predict(const Table& points, Want want, const OpenPoints::Neighbours& near) const {
    Workings workings;
    Prediction result = finished.predict(points, want, &workings);
    open.condition(workings, near, result);
    return result;
  }
  Prediction predict(const Table& points, Want want) const {
    return predict(points, want, open.neighbours(points));
  }
};

double most(const Table& difference) { return difference.cwiseAbs().maxCoeff(); }

}  // namespace

TEST_CASE("an open point lowers the variance as reference.py says, and leaves the mean", "[gp]") {
  Scene scene(0);
  scene.open.add(Vector{{0.80, 0.50, 0.75}});
  const Prediction at = scene.predict(reference_asked(), Want::values);
  CHECK(at.mean[1] == Approx(0.562685084588).epsilon(1e-10));
  CHECK(at.variance[0] == Approx(0.033324421216).epsilon(1e-9));
  CHECK(at.variance[1] == Approx(0.026814048139).epsilon(1e-9));
}

TEST_CASE("while they are few, open points count as if they were in the one factor", "[gp]") {
  const Scene scene(OpenPoints::nearest_max);
  REQUIRE_FALSE(scene.open.are_many());
  const Prediction at = scene.predict(reference_asked(), Want::slopes);
  const Prediction joint = scene.joint.predict(reference_asked(), Want::slopes);
  CHECK(most(at.variance - joint.variance) < 1e-12);
  CHECK(most(at.variance_slopes - joint.variance_slopes) < 1e-11);
  CHECK(most(at.nearest - joint.nearest) < 1e-15);
}

TEST_CASE("of many open points the nearest tell nearly all", "[gp]") {
  const Scene scene(300);
  REQUIRE(scene.open.are_many());
  const Prediction at = scene.predict(reference_asked(), Want::values);
  const Prediction joint = scene.joint.predict(reference_asked(), Want::values);
  const Prediction finished = scene.finished.predict(reference_asked(), Want::values);
  for (Index c = 0; c < 2; ++c) {
    CHECK(at.variance[c] > joint.variance[c]);
    CHECK(finished.variance[c] - at.variance[c] >
          0.9 * (finished.variance[c] - joint.variance[c]));
  }
}

TEST_CASE("slopes among many open points are what differences say, with neighbours held", "[gp]") {
  const Scene scene(300);
  const auto near = scene.open.neighbours(reference_asked());
  const Prediction at = scene.predict(reference_asked(), Want::slopes, near);
  for (Index j = 0; j < 2; ++j) {
    const Vector quotient = reference_growth(j, [&](const Table& points) -> Vector {
      return scene.predict(points, Want::values, near).variance;
    });
    CHECK(at.variance_slopes(j, 0) == Approx(quotient[0]).epsilon(1e-5));
    CHECK(at.variance_slopes(j, 1) == Approx(quotient[1]).epsilon(1e-5));
  }
}

TEST_CASE("every open point is its own nearest one, however many there are", "[gp]") {
  const Scene scene(700);
  for (const Index i : {0, 255, 256, 699}) {
    const Table there = scene.open.point(i);
    CHECK(scene.open.nearest(there)[0] == 0.0);
    CHECK(scene.predict(there, Want::values).nearest[0] == 0.0);
  }
  CHECK(scene.open.nearest(Vector{{0.123, 0.456, 0.25}})[0] > 0.0);
}

TEST_CASE("what was asked before changes no bit of an answer", "[gp]") {
  const Scene one(300);
  const Scene other(300);
  for (Index i = 300; i < 340; ++i) other.predict(nth(i), Want::values);
  const Prediction first = one.predict(reference_asked(), Want::slopes);
  const Prediction later = other.predict(reference_asked(), Want::slopes);
  CHECK(first.variance == later.variance);
  CHECK(first.variance_slopes == later.variance_slopes);
}

TEST_CASE("open points that are one and the same leave a variance all the same", "[gp]") {
  Kernel kernel = reference_kernel();
  kernel.noise = 1e-18;
  Posterior finished(kernel, reference_points());
  finished.set_targets(reference_targets());
  OpenPoints open(finished);
  for (int i = 0; i < 20; ++i) open.add(nth(3));
  Workings workings;
  Prediction at = finished.predict(reference_asked(), Want::values, &workings);
  open.condition(workings, open.neighbours(reference_asked()), at);
  CHECK(at.variance.allFinite());
  CHECK(at.variance.minCoeff() >= 0.0);
}

}  // namespace hpo::gp
