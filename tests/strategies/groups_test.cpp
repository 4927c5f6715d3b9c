// Axes that are always active together.
#include "strategies/groups.hpp"

#include <catch2/catch.hpp>

#include "tests/strategies/spaces.hpp"

namespace hpo {

TEST_CASE("a space without conditions is one group", "[groups]") {
  const UnitCube cube(space_of_domains({FloatDomain{}, FixedDomain{1.0}, BoolDomain{}}));
  const auto groups = groups_of(cube);
  REQUIRE(groups.size() == 1);
  CHECK(groups[0].axes == std::vector<std::size_t>{0, 1});
  CHECK(groups[0].cube.dimension() == 2);
  CHECK(groups_of(UnitCube(SearchSpace{})).size() == 1);
}

TEST_CASE("parameters with the same conditions are a group, in whatever order these stand",
          "[groups]") {
  const Condition a{.parent = "a", .values = {true}};
  const Condition b{.parent = "b", .values = {true}};
  const UnitCube cube(space_of({{.name = "a", .domain = BoolDomain{}},
      {.name = "x", .domain = FloatDomain{}, .when = {a, b}},
      {.name = "b", .domain = BoolDomain{}},
      {.name = "y", .domain = FloatDomain{}, .when = {a}},
      {.name = "z", .domain = FloatDomain{.high = 3.0}, .when = {b, a}}}));
  const auto groups = groups_of(cube);
  REQUIRE(groups.size() == 3);
  CHECK(groups[0].axes == std::vector<std::size_t>{0, 2});
  CHECK(groups[1].axes == std::vector<std::size_t>{1, 4});
  CHECK(groups[2].axes == std::vector<std::size_t>{3});
  CHECK_FALSE(groups[1].cube.space().has_conditions());
  CHECK(groups[1].cube.from_unit(std::vector{0.5, 1.0}) == Values{0.5, 3.0});
}

}  // namespace hpo
