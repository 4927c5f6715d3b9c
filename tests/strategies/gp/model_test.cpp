// What each end of a trial tells the models, and that a history that is no continuation is new.
#include "strategies/gp/model.hpp"

#include <catch2/catch.hpp>

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

}  // namespace

TEST_CASE("completed and pruned trials are modelled, failed and infeasible ones as such", "[gp]") {
  Study scene;
  for (int i = 0; i < 6; ++i) scene.add(0.1 * i, TrialState::completed, i);
  scene.model.take_in(scene.builder.history());
  scene.model.follow();
  CHECK(scene.model.values().size() == 6);
  CHECK(scene.model.feasible() == nullptr);
  scene.add(0.7, TrialState::failed);
  scene.add(0.8, TrialState::infeasible);
  scene.add(0.9, TrialState::pruned);
  scene.add(0.95, TrialState::cancelled);
  scene.model.take_in(scene.builder.history());
  scene.model.follow();
  CHECK(scene.model.completed() == 6);
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
  CHECK(scene.model.completed() == 1);
}

TEST_CASE("a history that is no continuation is taken in from its beginning", "[gp]") {
  Study scene;
  for (int i = 0; i < 5; ++i) scene.add(0.1 * i, TrialState::completed, i);
  scene.model.take_in(scene.builder.history());
  scene.model.take_in(History(2));
  CHECK(scene.model.completed() == 0);
  scene.model.take_in(scene.builder.history());
  CHECK(scene.model.completed() == 5);
}

}  // namespace hpo::gp
