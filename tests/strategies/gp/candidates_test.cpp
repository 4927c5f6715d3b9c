// Candidates lie in the cube, on values, everywhere and near good points, and are another trial's
// others.
#include "strategies/gp/candidates.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>

#include "strategies/gp/kernel.hpp"
#include "tests/strategies/spaces.hpp"

namespace hpo::gp {

TEST_CASE("candidates are on the values of the cube, and the same for the same trial", "[gp]") {
  const UnitCube cube(space_of_domains(
      {FloatDomain{}, IntDomain{.low = 0, .high = 3}, choice({integer(1), 0.5})}));
  const Axes axes(cube);
  const Candidates candidates(axes, 5);
  const Table good{{0.0}, {0.125}, {0.25}};
  const Table points = candidates.points(whole_cube(3), good, 12);
  CHECK(points.minCoeff() >= 0.0);
  CHECK(points.maxCoeff() <= 1.0);
  for (Index c = 0; c < points.cols(); ++c) {
    Vector snapped = points.col(c);
    axes.snap(snapped);
    REQUIRE(snapped == points.col(c));
  }
  CHECK(points == Candidates(axes, 5).points(whole_cube(3), good, 12));
  CHECK(points != candidates.points(whole_cube(3), good, 13));
  CHECK(points != Candidates(axes, 6).points(whole_cube(3), good, 12));
}

TEST_CASE("candidates have coordinates where they have values, in every branch", "[gp]") {
  const UnitCube cube(conditional_space());
  const Axes axes(cube);
  Vector good{{absent, 0.5, absent, 0.3, 0.1, absent}};
  axes.snap(good);
  const Table points = Candidates(axes, 5).points(whole_cube(6), good, 12);
  Index with_momentum = 0;
  for (Index c = 0; c < points.cols(); ++c) {
    Vector snapped = points.col(c);
    axes.snap(snapped);
    REQUIRE(snapped == points.col(c));
    with_momentum += points(2, c) != absent ? 1 : 0;
  }
  CHECK(with_momentum > points.cols() / 5);
}

TEST_CASE("most are spread evenly, the others are near what is good", "[gp]") {
  const UnitCube cube(space_of_domains({FloatDomain{}, FloatDomain{}}));
  const Axes axes(cube);
  const Candidates candidates(axes, 5);
  const Table none = candidates.points(whole_cube(2), Table(2, 0), 3);
  const Index left = (none.row(0).array() < 0.25).count();
  CHECK(std::abs(4 * left - none.cols()) <= 8);
  const Table points = candidates.points(whole_cube(2), Table{{0.5}, {0.5}}, 3);
  const Table near_good = points.rightCols(points.cols() - none.cols());
  REQUIRE(near_good.cols() > 50);
  const Index close = ((near_good.array() - 0.5).abs() < 0.1).count();
  CHECK(10 * close > 6 * near_good.size());
}

}  // namespace hpo::gp
