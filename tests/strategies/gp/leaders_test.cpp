// The best points of a model, at one level each of them once.
#include "strategies/gp/leaders.hpp"

#include <catch2/catch.hpp>

#include "tests/strategies/spaces.hpp"

namespace hpo::gp {

TEST_CASE("leaders are the points with the largest means, the best first", "[gp]") {
  const UnitCube cube(space_of_domains({FloatDomain{}}));
  const Axes axes(cube);
  Model model(cube, axes, Objective{});
  HistoryBuilder builder(1);
  for (int i = 0; i < 9; ++i) builder.add({0.1 * i}, TrialState::completed, i);
  model.take_in(builder.history());
  model.follow(builder.history());
  const Leaders best = leaders(model, 3);
  REQUIRE(best.points.cols() == 3);
  for (Index i = 0; i < 3; ++i) CHECK(best.points(0, i) == Approx(0.1 * static_cast<double>(i)));
  CHECK(best.means[0] == model.values().means()[0]);
  CHECK(best.best(2).cols() == 2);
  CHECK(leaders(model, 100).points.cols() == 9);
}

TEST_CASE("with levels all leaders are at the one that is searched, each once", "[gp]") {
  const UnitCube cube(space_of_domains({FloatDomain{}}));
  const Axes axes(cube, true);
  Model model(cube, axes, Objective{}, {0.0, 0.5, 1.0});
  HistoryBuilder builder(1);
  for (int i = 0; i < 9; ++i) {
    builder.tell(i, 0, i);
    if (i < 5) builder.tell(i, 1, 100.0 + i);
    builder.add(i, {0.1 * i}, TrialState::pruned, 0.0);
  }
  model.take_in(builder.history());
  model.follow(builder.history());
  const Leaders best = leaders(model, 9);
  REQUIRE(best.points.cols() == 9);
  for (Index i = 0; i < 9; ++i) {
    CHECK(best.points(1, i) == 0.5);
    if (i > 0) CHECK(best.means[i] <= best.means[i - 1]);
  }
  CHECK(best.points(0, 0) == 0.0);
  CHECK(best.means[0] == Approx(model.values().bound(best.best(1)).mean[0]));
}

}  // namespace hpo::gp
