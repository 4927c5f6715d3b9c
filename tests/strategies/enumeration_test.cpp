// All values of a space, once each, conditions included; and when there are too many.
#include "strategies/enumeration.hpp"

#include <catch2/catch.hpp>
#include <set>

#include "tests/strategies/spaces.hpp"

namespace hpo {

TEST_CASE("each value of a conditional space is listed once", "[enumeration]") {
  const auto all = Enumeration::make(six_conditional_values());
  REQUIRE(all);
  REQUIRE(all->size() == 6);
  std::set<Values> values;
  for (std::size_t i = 0; i < 6; ++i) {
    CHECK(six_conditional_values().contains(all->at(i)));
    values.insert(all->at(i));
  }
  CHECK(values.size() == 6);
}

TEST_CASE("the last parameter varies fastest", "[enumeration]") {
  const auto all = Enumeration::make(
      space_of_domains({BoolDomain{}, IntDomain{.low = 5, .high = 7}}));
  REQUIRE(all->size() == 6);
  CHECK(all->at(0) == Values{false, integer(5)});
  CHECK(all->at(1) == Values{false, integer(6)});
  CHECK(all->at(5) == Values{true, integer(7)});
}

TEST_CASE("a wide tree of choices is listed although its product is not", "[enumeration]") {
  std::vector<Parameter> parameters{
      {.name = "kind", .domain = IntDomain{.low = 1, .high = 100}}};
  for (std::int64_t k = 1; k <= 100; ++k) {
    parameters.push_back({.name = "p" + std::to_string(k),
                          .domain = IntDomain{.low = 0, .high = 99},
                          .when = {{.parent = "kind", .values = {k}}}});
  }
  const auto all = Enumeration::make(space_of(std::move(parameters)));
  REQUIRE(all);
  CHECK(all->size() == 10'000);
}

TEST_CASE("a space with a float, or with too many values, is not listed", "[enumeration]") {
  CHECK_FALSE(Enumeration::make(conditional_space()));
  CHECK_FALSE(Enumeration::make(space_of_domains(std::vector<Domain>(22, BoolDomain{}))));
  std::vector<Parameter> parameters{{.name = "p0", .domain = BoolDomain{}}};
  for (int i = 1; i < 64; ++i) {  // conditions do not help: all may be active at once
    parameters.push_back({.name = "p" + std::to_string(i), .domain = BoolDomain{},
                          .when = {{.parent = "p0", .values = {true}}}});
  }
  CHECK_FALSE(Enumeration::make(space_of(std::move(parameters))));
}

TEST_CASE("what violates a constraint is not listed", "[enumeration]") {
  const SearchSpace space = constrained_space(
      {{.name = "a", .domain = IntDomain{.low = 0, .high = 999}},
       {.name = "b", .domain = IntDomain{.low = 0, .high = 999}}}, {"a + b == 999"});
  const auto all = Enumeration::make(space);
  REQUIRE(all);
  CHECK(all->size() == 1'000);
  CHECK(all->at(1) == Values{integer(1), integer(998)});
}

TEST_CASE("a space without parameters has one value, which is empty", "[enumeration]") {
  const auto all = Enumeration::make(SearchSpace{});
  REQUIRE(all->size() == 1);
  CHECK(all->at(0).empty());
}

}  // namespace hpo
