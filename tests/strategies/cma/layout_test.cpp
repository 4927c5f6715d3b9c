// Which coordinates are numbers and which are choices, and the way back.
#include "strategies/cma/layout.hpp"

#include <catch2/catch.hpp>

#include "strategies/cma/bounds.hpp"
#include "tests/strategies/spaces.hpp"

namespace hpo {
namespace {

const UnitCube& one_of_each() {
  static const UnitCube cube(space_of_domains(
      {FloatDomain{}, BoolDomain{}, IntDomain{.low = 1, .high = 9, .scale = Scale::log},
       choice({integer(1), integer(2), 0.5}), ordinal({1.0, 2.0}), ordinal({1.0, 2.0, 4.0}),
       IntDomain{.low = 0, .high = int_max}, FixedDomain{1.0}}));
  return cube;
}

}  // namespace

TEST_CASE("what has an order is a number, unless it has two values", "[cma]") {
  const CmaLayout layout(one_of_each());
  CHECK(layout.numbers() == 4);  // float, log int, ordinal of 3, huge int
  CHECK(layout.integers() == std::vector<std::size_t>{1, 2});
  CHECK(layout.counts() == std::vector<std::size_t>{2, 3, 2});
}

TEST_CASE("a point's draw stands for the same values", "[cma]") {
  const CmaLayout layout(one_of_each());
  const CmaDraw draw{.x = {0.3, 0.45, 1.7, 0.25}, .categories = {1, 2, 0}};
  const std::vector<double> point = layout.point(draw);
  CHECK(one_of_each().from_unit(layout.point(layout.draw_of(point))) ==
        one_of_each().from_unit(point));
  CHECK(layout.draw_of(point).categories == draw.categories);
  CHECK(point[5 - 0] == 1.0);  // beyond its range: the last value
}

TEST_CASE("an integer's cells are the cube's, and known values lie in their middle", "[cma]") {
  const CmaLayout layout(one_of_each());
  const UnitCube::Cell cell = layout.integer_cell(1, 0.5);
  CHECK(cell.low == Approx(1.0 / 3));
  CHECK(layout.draw_of(one_of_each().to_unit(one_of_each().from_unit(
            std::vector(7, 0.4)))).x[2] == Approx(0.5));
}

}  // namespace hpo
