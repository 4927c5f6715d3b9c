// Values <-> coordinates: round trips, ends, equal cells.
#include "strategies/unit_cube.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <map>

#include "strategies/domain_values.hpp"
#include "strategies/random_bits.hpp"
#include "tests/strategies/spaces.hpp"

namespace hpo {
namespace {

constexpr double largest_below_one = 1.0 - 0x1.0p-53;

ParamValue value_of(const Domain& domain, double u) {
  return UnitCube(space_of_domains({domain})).from_unit(std::vector{u})[0];
}

double coordinate_of(const Domain& domain, const ParamValue& value) {
  return UnitCube(space_of_domains({domain})).to_unit(std::vector{value})[0];
}

std::vector<Domain> all_kinds() {
  return {FloatDomain{.low = -2.0, .high = 3.0},
          FloatDomain{.low = 1e-5, .high = 1e-1, .scale = Scale::log},
          FloatDomain{.low = 0.5, .high = 3.0, .scale = Scale::log},
          FloatDomain{.low = 0.0, .high = 0.9, .step = 0.3},
          FloatDomain{.low = -float_max, .high = float_max},
          IntDomain{.low = -3, .high = 3},
          IntDomain{.low = 1, .high = 1024, .scale = Scale::log},
          IntDomain{.low = 0, .high = 12, .step = 4},
          IntDomain{.low = -int_max, .high = int_max},
          IntDomain{.low = 1, .high = int_max, .scale = Scale::log},
          choice({word_value("adam"), word_value("sgd"), integer(3), true}),
          ordinal({16.0, 32.0, 256.0}),
          BoolDomain{}};
}

}  // namespace

TEST_CASE("every coordinate gives a value of the domain, 0 and 1 included", "[unit_cube]") {
  for (const Domain& domain : all_kinds()) {
    INFO("domain " << domain.index());
    for (const double u : {0.0, 0x1.0p-60, 0.25, 0.5, largest_below_one, 1.0, -1.0, 2.0}) {
      CHECK(contains(domain, value_of(domain, u)));
    }
    for (std::uint64_t i = 0; i < 1'000; ++i) {
      if (!contains(domain, value_of(domain, random_unit({.trial = i})))) FAIL("u of trial " << i);
    }
  }
}

TEST_CASE("coordinates 0 and 1 are the ends of the domain", "[unit_cube]") {
  for (const Domain& domain : all_kinds()) {
    INFO("domain " << domain.index());
    CHECK(value_of(domain, 0.0) == value_at(domain, 0));
    CHECK(value_of(domain, 1.0) == value_at(domain, last_index(domain)));
  }
}

TEST_CASE("a discrete value comes back from its coordinate", "[unit_cube]") {
  const Domain domain = GENERATE(as<Domain>(),
      IntDomain{.low = -3, .high = 3}, IntDomain{.low = 0, .high = 12, .step = 4},
      IntDomain{.low = 1, .high = 100'000, .scale = Scale::log},
      IntDomain{.low = 1'000'000'000, .high = 1'000'050'000, .scale = Scale::log},
      IntDomain{.low = -50'000, .high = 50'000}, FloatDomain{.low = 0.1, .high = 0.9, .step = 0.2},
      ChoiceDomain{{word_value("a"), word_value("b"), 3.0}}, OrdinalDomain{{1.0, 2.0, 10.0}},
      BoolDomain{});
  const UnitCube cube(space_of_domains({domain}));
  int wrong = 0;
  for (std::uint64_t k = 0; k <= last_index(domain); ++k) {
    const Values values{value_at(domain, k)};
    if (cube.from_unit(cube.to_unit(values)) != values) ++wrong;
  }
  CHECK(wrong == 0);
}

TEST_CASE("integers come back exactly among 2^50 others, and nearly among more", "[unit_cube]") {
  const std::int64_t large = std::int64_t{1} << 50;
  const Domain exact = IntDomain{.low = 5, .high = large};
  const Domain nearly = IntDomain{.low = -int_max, .high = int_max};
  for (std::uint64_t i = 0; i < 10'000; ++i) {
    const std::int64_t k = static_cast<std::int64_t>(random_bits({.trial = i})) % int_max;
    const ParamValue inside = 5 + std::abs(k % (large - 5));
    REQUIRE(value_of(exact, coordinate_of(exact, inside)) == inside);
    const auto back = std::get<std::int64_t>(value_of(nearly, coordinate_of(nearly, k)));
    REQUIRE(std::abs(static_cast<double>(back) - static_cast<double>(k)) <= 4.0);
  }
}

TEST_CASE("a float comes back within a few ulps of its range", "[unit_cube]") {
  const Domain linear = FloatDomain{.low = -2.0, .high = 3.0};
  const Domain log = FloatDomain{.low = 1e-5, .high = 1e-1, .scale = Scale::log};
  const Domain widest = FloatDomain{.low = -float_max, .high = float_max};
  for (std::uint64_t i = 0; i < 10'000; ++i) {
    const double u = random_unit({.trial = i});
    CHECK(coordinate_of(linear, value_of(linear, u)) == Approx(u).margin(1e-15));
    CHECK(coordinate_of(log, value_of(log, u)) == Approx(u).margin(1e-14));
    CHECK(coordinate_of(widest, value_of(widest, u)) == Approx(u).margin(1e-15));
  }
}

TEST_CASE("a log scale is even in the logarithm", "[unit_cube]") {
  const Domain domain = FloatDomain{.low = 1e-4, .high = 1.0, .scale = Scale::log};
  CHECK(std::get<double>(value_of(domain, 0.25)) == Approx(1e-3).epsilon(1e-14));
  CHECK(coordinate_of(domain, ParamValue{0.1}) == Approx(0.75).epsilon(1e-14));
  const Domain integers = IntDomain{.low = 1, .high = 3, .scale = Scale::log};
  // Cells end at ½, 1½, 2½ and 3½, so 1 is proposed by log(3) / log(7) of all coordinates.
  CHECK(value_of(integers, 0.564) == integer(1));
  CHECK(value_of(integers, 0.565) == integer(2));
}

TEST_CASE("discrete values own cells of equal width", "[unit_cube]") {
  const Domain domain = GENERATE(as<Domain>(), IntDomain{.low = -1, .high = 2},
      FloatDomain{.low = 0.0, .high = 0.9, .step = 0.3}, OrdinalDomain{{1.0, 2.0, 10.0, 11.0}},
      ChoiceDomain{{word_value("a"), word_value("b"), word_value("c"), word_value("d")}});
  std::map<ParamValue, int> count;
  for (int i = 0; i < 1'000; ++i) ++count[value_of(domain, (i + 0.5) / 1'000)];
  REQUIRE(count.size() == 4);
  for (const auto& [value, times] : count) CHECK(times == 250);
}

TEST_CASE("a cell has the coordinates that give one value, and no others", "[unit_cube]") {
  for (const Domain& domain : {Domain(IntDomain{.low = 1, .high = 9, .scale = Scale::log}),
                               Domain(IntDomain{.low = -3, .high = 3}), Domain(BoolDomain{}),
                               ordinal({16.0, 32.0, 256.0})}) {
    const UnitCube cube(space_of_domains({domain}));
    for (const double u : {0.0, 0.2, 0.51, 0.9, 1.0}) {
      const UnitCube::Cell cell = cube.cell(0, u);
      const ParamValue value = cube.from_unit(std::vector{u})[0];
      CHECK((cell.low <= u && u <= cell.high && cell.low < cell.high));
      const double inside = 1e-9;
      CHECK(cube.from_unit(std::vector{cell.low + inside})[0] == value);
      CHECK(cube.from_unit(std::vector{cell.high - inside})[0] == value);
      if (cell.low > 0.0) CHECK(cube.from_unit(std::vector{cell.low - inside})[0] != value);
    }
  }
  const UnitCube line(space_of_domains({FloatDomain{}}));
  CHECK((line.cell(0, 0.3).low == 0.3 && line.cell(0, 0.3).high == 0.3));
}

TEST_CASE("a list of choices and a bool have no order, numbers and ordinals have", "[unit_cube]") {
  const UnitCube cube(space_of_domains(
      {choice({integer(1), integer(2)}), BoolDomain{}, ordinal({1.0, 2.0}), FloatDomain{}}));
  CHECK_FALSE(cube.is_ordered(0));
  CHECK_FALSE(cube.is_ordered(1));
  CHECK(cube.is_ordered(2));
  CHECK(cube.is_ordered(3));
}

TEST_CASE("a parameter that cannot vary takes no coordinate and keeps its value", "[unit_cube]") {
  const UnitCube cube(space_of_domains({FixedDomain{word_value("always")}, BoolDomain{},
      IntDomain{.low = 4, .high = 4}, FloatDomain{.low = 0.0, .high = 1.0}}));
  REQUIRE(cube.dimension() == 2);
  CHECK(cube.parameter_of(0) == 1);
  CHECK(cube.parameter_of(1) == 3);
  const Values values{word_value("always"), true, integer(4), 0.5};
  CHECK(cube.from_unit(std::vector{0.9, 0.5}) == values);
  CHECK(cube.to_unit(values) == std::vector{0.75, 0.5});
}

TEST_CASE("a discrete range is wider by half a step at each end", "[unit_cube]") {
  const auto half_step = [](double x, double low, double high, double step) {
    return (x - (low - step / 2)) / (high - low + step);
  };
  const Domain integers = IntDomain{.low = -4, .high = 8, .step = 3};
  for (std::int64_t k = -4; k <= 8; k += 3) {
    CHECK(coordinate_of(integers, k) ==
          Approx(half_step(static_cast<double>(k), -4, 8, 3)).epsilon(1e-15));
  }
  const Domain steps = FloatDomain{.low = 0.3, .high = 1.0, .step = 0.05};
  for (int k = 0; k <= 14; ++k) {
    CHECK(coordinate_of(steps, 0.3 + k * 0.05) ==
          Approx(half_step(0.3 + k * 0.05, 0.3, 1.0, 0.05)).epsilon(1e-12));
  }
  const Domain log = IntDomain{.low = 2, .high = 64, .scale = Scale::log};
  for (std::int64_t k = 2; k <= 64; ++k) {
    const double expected = (std::log(static_cast<double>(k)) - std::log(1.5)) /
                            (std::log(64.5) - std::log(1.5));
    CHECK(coordinate_of(log, k) == Approx(expected).epsilon(1e-12));
  }
}

TEST_CASE("what has no value stands in the middle, and comes back without one", "[unit_cube]") {
  const UnitCube cube(conditional_space());
  for (std::uint64_t i = 0; i < 10'000; ++i) {
    std::vector<double> point;
    for (std::uint32_t a = 0; a < cube.dimension(); ++a) {
      point.push_back(random_unit({.trial = i, .index = a}));
    }
    const Values values = cube.from_unit(point);
    REQUIRE(cube.space().contains(values));
    const std::vector<double> back = cube.to_unit(values);
    const std::vector<bool> active = cube.active(values);
    REQUIRE(cube.active_at(point) == active);
    for (std::size_t a = 0; a < point.size(); ++a) {
      REQUIRE(active[a] == is_active(values[cube.parameter_of(a)]));
      if (active[a]) REQUIRE(std::abs(back[a] - point[a]) <= 0.25);  // within its cell
      else REQUIRE(back[a] == UnitCube::unused);
    }
    const Values again = cube.from_unit(back);
    for (std::size_t p = 0; p < values.size(); ++p) {
      REQUIRE(again[p].index() == values[p].index());
      const auto* x = std::get_if<double>(&values[p]);
      if (x != nullptr) REQUIRE(std::get<double>(again[p]) == Approx(*x).epsilon(1e-12));
      else REQUIRE(again[p] == values[p]);
    }
  }
}

}  // namespace hpo
