// The search finds the best point that candidates alone would miss, on smooth and on other axes.
#include "strategies/gp/search.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "strategies/gp/candidates.hpp"
#include "tests/strategies/gp/reference.hpp"
#include "tests/strategies/spaces.hpp"

namespace hpo::gp {
namespace {

struct Landscape {
  UnitCube cube;
  Axes axes{cube};
  Posterior posterior{reference_kernel(), reference_points()};
  OpenPoints open{posterior};

  explicit Landscape(const std::vector<Domain>& domains) : cube(space_of_domains(domains)) {
    posterior.set_targets(reference_targets());
  }
  double value(const Vector& point) const {
    return acquisition().values(point, Want::values).values[0];
  }
  Acquisition acquisition() const { return {posterior, open, {.threshold = 1.0}}; }
  Vector best() const {
    const Region region = whole_cube(3);
    return best_point(acquisition(), axes, region,
                      Candidates(axes, 1).points(region, Table(3, 0), 1), Vector{{0.2, 0.5, 0.8}});
  }
};

}  // namespace

TEST_CASE("on smooth axes it reaches the maximum that a fine grid shows", "[gp]") {
  const Landscape scene({FloatDomain{}, FloatDomain{}, choice({integer(1), integer(2)})});
  double most = -INFINITY;
  for (int i = 0; i <= 100; ++i) {
    for (int j = 0; j <= 100; ++j) {
      for (const double choice : {0.25, 0.75}) {
        most = std::max(most, scene.value(Vector{{0.01 * i, 0.01 * j, choice}}));
      }
    }
  }
  CHECK(scene.value(scene.best()) > most - 1e-3);
}

TEST_CASE("on axes of values it finds the best of all, on the values", "[gp]") {
  const Landscape scene({IntDomain{.low = 0, .high = 99}, IntDomain{.low = 0, .high = 9},
                     choice({integer(1), integer(2)})});
  double most = -INFINITY;
  for (int i = 0; i < 100; ++i) {
    for (int j = 0; j < 10; ++j) {
      for (const double choice : {0.25, 0.75}) {
        most = std::max(most, scene.value(Vector{{(i + 0.5) / 100, (j + 0.5) / 10, choice}}));
      }
    }
  }
  const Vector found = scene.best();
  Vector snapped = found;
  scene.axes.snap(snapped);
  CHECK(found == snapped);
  CHECK(scene.value(found) == Approx(most));
}

TEST_CASE("with conditions it finds the best of all branches", "[gp]") {
  // The second axis is there for the first choice alone, the third always.
  const UnitCube cube(space_of({{.name = "a", .domain = BoolDomain{}},
                                {.name = "b", .domain = FloatDomain{},
                                 .when = {{.parent = "a", .values = {ParamValue{true}}}}},
                                {.name = "c", .domain = FloatDomain{}}}));
  const Axes axes(cube);
  Posterior posterior({.is_ordered = {0, 1, 1}, .is_conditional = {0, 1, 0},
                       .weights = Vector{{0.8, 2.0, 0.5}}, .scale = 1.3, .noise = 0.05},
                      Table{{0.25, absent, 0.1}, {0.25, absent, 0.8}, {0.75, 0.2, 0.3},
                            {0.75, 0.9, 0.6}, {0.75, 0.5, 0.2}});
  const double branch = GENERATE(1.0, -1.0);
  posterior.set_targets(branch * Vector{{1.0, 0.5, -0.8, 0.1, -1.0}});
  const OpenPoints open(posterior);
  const Acquisition acquisition(posterior, open, {.threshold = 1.0});
  const auto value = [&](const Vector& point) {
    return acquisition.values(point, Want::values).values[0];
  };
  double most = -INFINITY;
  for (int i = 0; i <= 100; ++i) {
    most = std::max(most, value(Vector{{0.25, absent, 0.01 * i}}));
    for (int j = 0; j <= 100; ++j) most = std::max(most, value(Vector{{0.75, 0.01 * j, 0.01 * i}}));
  }
  const Region region = whole_cube(3);
  const Table candidates = Candidates(axes, 1).points(region, Table(3, 0), 1);
  const Vector found = best_point(acquisition, axes, region, candidates, Vector{{0.2, 0.5, 0.8}});
  CHECK(value(found) > most - 1e-3);
  CHECK((found[1] == absent) == (found[0] == 0.25));
}

TEST_CASE("where all candidates were tried it gives one of them all the same", "[gp]") {
  const Landscape scene({FloatDomain{}, FloatDomain{}, BoolDomain{}});
  const Table tried = reference_points().row(2).transpose();
  const Vector found =
      best_point(scene.acquisition(), scene.axes, whole_cube(3), tried, Vector{{0.5}});
  CHECK(found.size() == 3);
  CHECK(found.allFinite());
}

}  // namespace hpo::gp
