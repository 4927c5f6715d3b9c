// Which axes move smoothly, and which values are next.
#include "strategies/gp/axes.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/strategies/spaces.hpp"

namespace hpo::gp {

TEST_CASE("each type of parameter is searched in its way", "[gp]") {
  const UnitCube cube(space_of_domains(
      {FloatDomain{}, IntDomain{.low = 1, .high = 16}, IntDomain{.low = 1, .high = 17},
       choice({integer(1), integer(2), 0.5}), BoolDomain{},
       IntDomain{.low = 1, .high = 4, .scale = Scale::log}}));
  const Axes axes(cube);
  CHECK_FALSE(axes.are_continuous());
  CHECK(axes.is_continuous(0));
  CHECK(axes.others(0, 0.3).empty());
  CHECK(axes.others(1, 0.3).size() == 15);
  CHECK_FALSE(axes.is_smooth(1));
  CHECK(axes.is_smooth(2));
  CHECK(axes.others(2, 0.5 / 17).size() == 4);  // only upwards
  CHECK(axes.others(3, 0.5).size() == 2);
  CHECK(axes.others(4, 0.25) == std::vector{0.75});
  CHECK(axes.others(5, 0.0).size() == 3);
}

TEST_CASE("a snapped point lies where its values do", "[gp]") {
  const UnitCube cube(space_of_domains(
      {FloatDomain{}, IntDomain{.low = 0, .high = 9},
       IntDomain{.low = 1, .high = 1000, .scale = Scale::log}, choice({integer(1), 0.5})}));
  Vector point{{0.123, 0.123, 0.777, 0.9}};
  Axes(cube).snap(point);
  CHECK(point[0] == 0.123);
  CHECK(point[1] == Approx(0.15));
  CHECK(point[3] == Approx(0.75));
  const auto values = cube.from_unit(std::vector{point[0], point[1], point[2], point[3]});
  CHECK(values == cube.from_unit(std::vector{0.123, 0.123, 0.777, 0.9}));
}

TEST_CASE("values of a choice with very many are a sample of them", "[gp]") {
  std::vector<ParamValue> many;
  for (int i = 0; i < 1000; ++i) many.push_back(integer(i));
  const UnitCube cube(space_of_domains({choice(many)}));
  const std::vector<double> others = Axes(cube).others(0, 0.0005);
  CHECK(others.size() >= 63);
  CHECK(others.size() <= 64);
}

}  // namespace hpo::gp
