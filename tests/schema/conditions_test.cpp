// In which trials a parameter has a value: lists, ranges, chains, several parents.
#include "schema/conditions.hpp"

#include <catch2/catch.hpp>

#include "schema/search_space.hpp"

using namespace hpo;

namespace {

const ParamValue sgd = std::string("sgd");
const ParamValue adam = std::string("adam");
const ParamValue inactive = Inactive{};

// Children stand before their parents on purpose.
SearchSpace chain() {
  return *SearchSpace::make({
      {.name = "nesterov", .domain = BoolDomain{}, .when = {{.parent = "momentum", .min = 0.5}}},
      {.name = "momentum", .domain = FloatDomain{}, .when = {{.parent = "opt", .values = {sgd}}}},
      {.name = "opt", .domain = ChoiceDomain{{sgd, adam}}},
      {.name = "layers", .domain = IntDomain{.low = 1, .high = 4}},
      {.name = "units", .domain = IntDomain{.low = 1, .high = 9},
       .when = {{.parent = "opt", .values = {sgd, adam}}, {.parent = "layers", .min = 2,
                                                           .max = 3}}}});
}

}  // namespace

TEST_CASE("a parameter has a value where all of its conditions hold, and nowhere else",
          "[conditions]") {
  const SearchSpace space = chain();
  CHECK(space.has_conditions());
  CHECK(space.contains({true, 0.5, sgd, std::int64_t{1}, inactive}));
  CHECK(space.contains({inactive, 0.4, sgd, std::int64_t{2}, std::int64_t{9}}));
  CHECK(space.contains({inactive, inactive, adam, std::int64_t{3}, std::int64_t{1}}));
  CHECK_FALSE(space.contains({inactive, 0.5, sgd, std::int64_t{1}, inactive}));
  CHECK_FALSE(space.contains({true, 0.4, sgd, std::int64_t{1}, inactive}));
  CHECK_FALSE(space.contains({inactive, 0.5, adam, std::int64_t{1}, inactive}));
  CHECK_FALSE(space.contains({inactive, inactive, adam, std::int64_t{4}, std::int64_t{1}}));
  CHECK_FALSE(space.contains({inactive, inactive, inactive, std::int64_t{4}, inactive}));
}

TEST_CASE("settling takes values away along a chain, whatever the order of the names",
          "[conditions]") {
  Values values{true, 0.9, adam, std::int64_t{4}, std::int64_t{5}};
  chain().settle(values);
  CHECK(values == Values{inactive, inactive, adam, std::int64_t{4}, inactive});
}

TEST_CASE("parents come before their children", "[conditions]") {
  CHECK(chain().order() == std::vector<std::size_t>{2, 3, 4, 1, 0});
}

TEST_CASE("a space without conditions keeps its order and all of its values", "[conditions]") {
  const auto space = *SearchSpace::make({{.name = "a"}, {.name = "b"}});
  CHECK_FALSE(space.has_conditions());
  CHECK(space.order() == std::vector<std::size_t>{0, 1});
  CHECK_FALSE(space.contains({0.5, inactive}));
}

TEST_CASE("a range includes its ends, also where the parent's own values are rounded",
          "[conditions]") {
  const auto space = *SearchSpace::make(
      {{.name = "x", .domain = FloatDomain{.low = 0.0, .high = 0.9, .step = 0.1}},
       {.name = "y", .domain = BoolDomain{}, .when = {{.parent = "x", .max = 0.3}}}});
  CHECK(0.1 * 3 > 0.3);
  CHECK(space.contains({0.1 * 3, true}));
  CHECK(space.contains({0.4, inactive}));
}

TEST_CASE("the defaults have no value for a parameter whose conditions they do not meet",
          "[conditions]") {
  const auto space = *SearchSpace::make(
      {{.name = "opt", .domain = ChoiceDomain{{sgd, adam}}, .default_value = adam},
       {.name = "momentum", .domain = FloatDomain{}, .when = {{.parent = "opt",
                                                               .values = {sgd}}}}});
  CHECK(space.defaults() == Values{adam, inactive});
}

TEST_CASE("conditions are told in words", "[conditions]") {
  CHECK(condition_words(chain().parameters()[4].when) ==
        "opt is \"sgd\" or \"adam\" and layers is 2 to 3");
  CHECK(condition_words(chain().parameters()[0].when) == "momentum is 0.5 or more");
}
