// Which axes move smoothly, and which values are next.
#include "strategies/gp/axes.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "strategies/gp/kernel.hpp"
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

TEST_CASE("a snapped point has coordinates where it has values, and nowhere else", "[gp]") {
  const UnitCube cube(conditional_space());  // nesterov, optimizer, momentum, beta, layers, units
  const Axes axes(cube);
  CHECK_FALSE(axes.are_continuous());
  CHECK(axes.is_conditional() == std::vector<char>{1, 0, 1, 1, 0, 1});
  Vector point{{0.25, 0.1, 0.8, 0.3, 0.9, absent}};
  axes.snap(point);
  CHECK(point[0] == 0.25);       // of a momentum above a half
  CHECK(point[2] == 0.8);        // of sgd
  CHECK(point[3] == absent);     // not of sgd
  CHECK(std::abs(point[5] - 0.5) < 0.01);  // 4 layers: has units now, in the middle
  CHECK(axes.others(3, absent).empty());
  point[2] = 0.3;
  axes.snap(point);
  CHECK(point[0] == absent);
  const std::vector<Index>& order = axes.parents_first();
  CHECK(std::find(order.begin(), order.end(), 2) < std::find(order.begin(), order.end(), 0));
  CHECK(std::find(order.begin(), order.end(), 1) < std::find(order.begin(), order.end(), 2));
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
