// Conditions that cannot be: parents that are not there, values that they never have, circles.
#include "schema/condition_check.hpp"

#include <catch2/catch.hpp>

#include "schema/search_space.hpp"

using namespace hpo;

namespace {

std::vector<ConditionFault> faults_of(const Domain& parent, Condition condition) {
  condition.parent = "parent";
  return condition_faults({{.name = "parent", .domain = parent},
                           {.name = "child", .when = {std::move(condition)}}});
}

bool never_holds(const Domain& parent, Condition condition) {
  const auto faults = faults_of(parent, std::move(condition));
  if (faults.empty()) return false;
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].rule == ConditionRule::never_holds);
  CHECK(faults[0].where == "/child/when/parent");
  CHECK_FALSE(faults[0].remedy.empty());
  return true;
}

}  // namespace

TEST_CASE("a condition names values that its parent has", "[conditions]") {
  const IntDomain layers{.low = 1, .high = 7, .step = 3};
  CHECK_FALSE(never_holds(layers, {.values = {std::int64_t{4}}}));
  CHECK(never_holds(layers, {.values = {std::int64_t{3}}}));
  CHECK(never_holds(layers, {.values = {4.0}}));  // an integer's value is an integer
  CHECK_FALSE(never_holds(BoolDomain{}, {.values = {false}}));
  CHECK(never_holds(BoolDomain{}, {.values = {std::string("false")}}));
  CHECK(never_holds(FloatDomain{}, {.values = {0.5}}));
  CHECK(never_holds(layers, {}));
}

TEST_CASE("a range holds at least one value of the parent", "[conditions]") {
  const IntDomain layers{.low = 1, .high = 7, .step = 3};
  CHECK_FALSE(never_holds(layers, {.min = 7}));
  CHECK(never_holds(layers, {.min = 7.5}));
  CHECK(never_holds(layers, {.max = 0.5}));
  CHECK(never_holds(layers, {.min = 5, .max = 6}));
  CHECK(never_holds(layers, {.min = 6, .max = 5}));
  CHECK_FALSE(never_holds(FloatDomain{}, {.min = 1.0}));
  CHECK(never_holds(FloatDomain{}, {.min = 1.1}));
  const FloatDomain steps{.low = 0.0, .high = 0.9, .step = 0.1};
  CHECK_FALSE(never_holds(steps, {.min = 0.3, .max = 0.3}));
  CHECK(never_holds(steps, {.min = 0.31, .max = 0.39}));
  CHECK_FALSE(never_holds(OrdinalDomain{{std::int64_t{64}, 128.0}}, {.min = 100}));
  CHECK(never_holds(OrdinalDomain{{std::string("s"), std::string("m")}}, {.min = 100}));
  CHECK(never_holds(BoolDomain{}, {.min = 0}));
}

TEST_CASE("an unknown parent is reported with the name that is near", "[conditions]") {
  const auto faults = condition_faults({{.name = "optimizer", .domain = BoolDomain{}},
      {.name = "b", .when = {{.parent = "optimiser", .values = {true}}}}});
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].rule == ConditionRule::unknown_parent);
  CHECK(faults[0].remedy == "optimizer");
}

TEST_CASE("a circle is reported once, by its names, and itself is one", "[conditions]") {
  const Condition on_a{.parent = "a", .values = {true}};
  const Condition on_b{.parent = "b", .values = {true}};
  const auto two = condition_faults({{.name = "c", .when = {on_a}},
                                     {.name = "a", .domain = BoolDomain{}, .when = {on_b}},
                                     {.name = "b", .domain = BoolDomain{}, .when = {on_a}}});
  REQUIRE(two.size() == 1);
  CHECK(two[0].rule == ConditionRule::cycle);
  CHECK(two[0].what == "conditions go round in a circle: a → b → a");
  const auto one = condition_faults({{.name = "a", .domain = BoolDomain{}, .when = {on_a}}});
  REQUIRE(one.size() == 1);
  CHECK(one[0].what == "conditions go round in a circle: a → a");
}

TEST_CASE("a parameter has at most 16 conditions, and a chain may be as long as the space",
          "[conditions]") {
  std::vector<Parameter> parameters;
  for (int i = 0; i < 17; ++i) {
    parameters.push_back({.name = "p" + std::to_string(i), .domain = BoolDomain{}});
  }
  Parameter child{.name = "child"};
  for (int i = 0; i < 16; ++i) {
    child.when.push_back({.parent = parameters[static_cast<std::size_t>(i)].name,
                          .values = {true}});
  }
  parameters.push_back(child);
  CHECK(condition_faults(parameters).empty());
  parameters.back().when.push_back({.parent = "p16", .values = {true}});
  CHECK(condition_faults(parameters).size() == 1);

  std::vector<Parameter> chain{{.name = "n0", .domain = BoolDomain{}}};
  for (std::size_t i = 1; i < SearchSpace::parameters_max; ++i) {
    chain.push_back({.name = "n" + std::to_string(i), .domain = BoolDomain{},
                     .when = {{.parent = chain.back().name, .values = {true}}}});
  }
  CHECK(condition_faults(chain).empty());
  Values values(chain.size(), true);
  values[0] = false;
  SearchSpace::make(chain)->settle(values);
  CHECK(std::count(values.begin(), values.end(), ParamValue(Inactive{})) == 511);
}
