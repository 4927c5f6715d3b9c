// What each end of a trial tells the models, and that a history that is no continuation is new.
#include "strategies/gp/model.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "tests/strategies/spaces.hpp"

namespace hpo::gp {
namespace {

struct Study {
  UnitCube cube{space_of_domains({FloatDomain{}, choice({integer(1), integer(2)})})};
  Axes axes{cube};
  Model model{cube, axes, Objective{}};
  HistoryBuilder builder{2};

  void add(double x, TrialState state, double value = 0.0) {
    builder.add({x, integer(1)}, state, value);
  }
};

// Rungs at 1, 3 and 9 of 27 epochs.
struct LevelledStudy {
  UnitCube cube{space_of_domains({FloatDomain{}})};
  Axes axes{cube, true};
  Model model{cube, axes, Objective{}, rung_levels({.name = "epochs", .min = 1, .max = 27})};
  HistoryBuilder builder{1};

  void follow() {
    model.take_in(builder.history());
    model.follow(builder.history());
  }
};

}  // namespace

TEST_CASE("what a trial told at a rung is a value at the logarithm of its steps", "[gp]") {
  LevelledStudy scene;
  for (int i = 0; i < 6; ++i) {
    scene.builder.tell(i, 0, 10.0 - i);
    scene.builder.tell(i, 1, 5.0 - 0.5 * i);
    const bool is_whole = i == 5;
    scene.builder.add(i, {0.1 * i}, is_whole ? TrialState::completed : TrialState::pruned,
                      is_whole ? 1.0 : 0.0);
  }
  scene.follow();
  CHECK(scene.model.values().size() == 13);
  CHECK(scene.model.told() == 6);
  CHECK(scene.model.level() == 1);  // enough are four
  CHECK(scene.model.feasible() == nullptr);
  const auto is_known = [&](double x, double level) {
    return scene.model.values().bound(Vector{{x, level}}).nearest[0] == 0.0;
  };
  for (int i = 0; i < 6; ++i) {
    CHECK(is_known(0.1 * i, 0.0));
    CHECK(is_known(0.1 * i, std::log(3.0) / std::log(27.0)));
    CHECK(is_known(0.1 * i, 1.0) == (i == 5));
  }
  CHECK(scene.model.point(0)[1] == std::log(3.0) / std::log(27.0));
  CHECK(scene.model.knows(2));
  CHECK_FALSE(scene.model.knows(6));
  CHECK(scene.model.tried()->size() == 6);
}

TEST_CASE("a region has no width along the levels", "[gp]") {
  LevelledStudy scene;
  for (int i = 0; i < 5; ++i) scene.builder.add({0.1 * i}, TrialState::completed, i);
  scene.follow();
  CHECK(scene.model.level() == 3);
  const Region region = scene.model.region(scene.model.point(0));
  CHECK(region.low == Vector{{0.0, 1.0}});
  CHECK(region.high == Vector{{1.0, 1.0}});
}

TEST_CASE("completed and pruned trials are modelled, failed and infeasible ones as such", "[gp]") {
  Study scene;
  for (int i = 0; i < 6; ++i) scene.add(0.1 * i, TrialState::completed, i);
  scene.model.take_in(scene.builder.history());
  scene.model.follow(scene.builder.history());
  CHECK(scene.model.values().size() == 6);
  CHECK(scene.model.feasible() == nullptr);
  scene.add(0.7, TrialState::failed);
  scene.add(0.8, TrialState::infeasible);
  scene.add(0.9, TrialState::pruned);
  scene.add(0.95, TrialState::cancelled);
  scene.model.take_in(scene.builder.history());
  scene.model.follow(scene.builder.history());
  CHECK(scene.model.told() == 6);
  CHECK(scene.model.values().size() == 7);
  REQUIRE(scene.model.feasible() != nullptr);
  CHECK(scene.model.feasible_weight() == Approx(1.0 + 10.0 * 2 / 9));
  CHECK(scene.model.feasible()->size() == 9);
  Index best = 0;
  scene.model.values().means().maxCoeff(&best);
  CHECK(best == 0);  // the least value is the best one
}

TEST_CASE("values outside of the space teach nothing", "[gp]") {
  Study scene;
  scene.add(0.5, TrialState::completed, 1.0);
  scene.add(1.5, TrialState::completed, 2.0);
  scene.builder.add({0.5, integer(77)}, TrialState::completed, 3.0);
  scene.model.take_in(scene.builder.history());
  CHECK(scene.model.told() == 1);
}

TEST_CASE("a history that is no continuation is taken in from its beginning", "[gp]") {
  Study scene;
  for (int i = 0; i < 5; ++i) scene.add(0.1 * i, TrialState::completed, i);
  scene.model.take_in(scene.builder.history());
  scene.model.take_in(History(2));
  CHECK(scene.model.told() == 0);
  scene.model.take_in(scene.builder.history());
  CHECK(scene.model.told() == 5);
}

}  // namespace hpo::gp
