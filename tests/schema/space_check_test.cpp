// What SearchSpace::make refuses, and where it points.
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "schema/search_space.hpp"

using namespace hpo;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

Parameter parameter(Domain domain, std::optional<ParamValue> default_value = {}) {
  return {.name = "x", .domain = std::move(domain), .default_value = std::move(default_value)};
}

void accepts(Parameter p) { CHECK(SearchSpace::make({std::move(p)})); }

void refuses(Parameter p, std::string_view where, std::string_view remedy = "") {
  const auto space = SearchSpace::make({std::move(p)});
  REQUIRE_FALSE(space);
  INFO(space.error().what << " | " << space.error().remedy);
  CHECK(space.error().code == ErrorCode::invalid_argument);
  CHECK(space.error().where == where);
  CHECK_FALSE(space.error().remedy.empty());
  CHECK(space.error().remedy.find(remedy) != std::string::npos);
}

std::vector<ParamValue> numbers(std::int64_t count) {
  std::vector<ParamValue> list;
  for (std::int64_t i = 0; i < count; ++i) list.emplace_back(i);
  return list;
}

}  // namespace

TEST_CASE("a name is a letter or '_' and up to 63 bytes more", "[space]") {
  for (const std::string& name : {std::string("a"), std::string("_x.Y-9"), std::string(64, 'n')}) {
    CHECK(SearchSpace::make({{.name = name}}));
  }
  for (const std::string& name : {std::string(), std::string("9a"), std::string("-a"),
                                  std::string("a b"), std::string("é"), std::string(65, 'n')}) {
    INFO(name);
    CHECK_FALSE(SearchSpace::make({{.name = name}}));
  }
  CHECK(SearchSpace::make({{.name = "a/b"}}).error().where == "/a~1b");
}

TEST_CASE("names are unique, and there are at most 512", "[space]") {
  CHECK(SearchSpace::make({{.name = "a"}, {.name = "b"}, {.name = "a"}}).error().where == "/a");
  std::vector<Parameter> many;
  for (int i = 0; i < 512; ++i) many.push_back({.name = "p" + std::to_string(i)});
  CHECK(SearchSpace::make(many));
  many.push_back({.name = "last"});
  CHECK(SearchSpace::make(many).error().where.empty());
}

TEST_CASE("float bounds are finite and in order; one value is legal", "[space]") {
  accepts(parameter(FloatDomain{.low = -1, .high = 1}));
  accepts(parameter(FloatDomain{.low = 2, .high = 2}));
  refuses(parameter(FloatDomain{.low = 2, .high = 1}), "/x/float/0", "[low, high]");
  refuses(parameter(FloatDomain{.low = -infinity, .high = 1}), "/x/float/0");
  refuses(parameter(FloatDomain{.low = std::nan(""), .high = 1}), "/x/float/0");
  refuses(parameter(FloatDomain{.low = 0, .high = infinity}), "/x/float/1");
  refuses(parameter(FloatDomain{.low = -1.7e308, .high = 1.7e308}), "/x/float/1");
}

TEST_CASE("a float on a log scale is above 0 and has no step", "[space]") {
  accepts(parameter(FloatDomain{.low = 1e-300, .high = 1, .scale = Scale::log}));
  refuses(parameter(FloatDomain{.low = 0, .high = 1, .scale = Scale::log}), "/x/float/0",
          "drop \"log\"");
  refuses(parameter(FloatDomain{.low = 1, .high = 2, .scale = Scale::log, .step = 0.5}), "/x/step");
}

TEST_CASE("a float's step divides its range, or the error names the nearest high", "[space]") {
  accepts(parameter(FloatDomain{.low = 0.3, .high = 1.0, .step = 0.05}));
  accepts(parameter(FloatDomain{.low = 0, .high = 1, .step = 1.0}));
  accepts(parameter(FloatDomain{.low = 2, .high = 2, .step = 0.5}));
  refuses(parameter(FloatDomain{.low = 0, .high = 1, .step = 0.3}), "/x/float/1", "0.9");
  refuses(parameter(FloatDomain{.low = 0, .high = 1, .step = 1.5}), "/x/step", "1.0");
  refuses(parameter(FloatDomain{.low = 0, .high = 1, .step = 0.0}), "/x/step");
  refuses(parameter(FloatDomain{.low = 0, .high = 1, .step = -0.1}), "/x/step");
  refuses(parameter(FloatDomain{.low = 0, .high = 1, .step = std::nan("")}), "/x/step");
}

TEST_CASE("int bounds are in order and exact as a double; one value is legal", "[space]") {
  constexpr std::int64_t limit = SearchSpace::int_max;
  accepts(parameter(IntDomain{.low = -limit, .high = limit}));
  accepts(parameter(IntDomain{.low = 3, .high = 3}));
  refuses(parameter(IntDomain{.low = 4, .high = 3}), "/x/int/0", "[low, high]");
  refuses(parameter(IntDomain{.low = -limit - 1, .high = 0}), "/x/int/0");
  refuses(parameter(IntDomain{.low = 0, .high = limit + 1}), "/x/int/1");
  refuses(parameter(IntDomain{.low = INT64_MIN, .high = INT64_MAX}), "/x/int/0");
}

TEST_CASE("an int on a log scale is 1 or more and has no step", "[space]") {
  accepts(parameter(IntDomain{.low = 1, .high = 100, .scale = Scale::log}));
  refuses(parameter(IntDomain{.low = 0, .high = 100, .scale = Scale::log}), "/x/int/0");
  refuses(parameter(IntDomain{.low = 2, .high = 8, .scale = Scale::log, .step = 2}), "/x/step");
}

TEST_CASE("an int's step divides its range, or the error names the nearest high", "[space]") {
  accepts(parameter(IntDomain{.low = 16, .high = 64, .step = 16}));
  accepts(parameter(IntDomain{.low = 16, .high = 16, .step = 16}));
  refuses(parameter(IntDomain{.low = 16, .high = 60, .step = 16}), "/x/int/1", "64");
  refuses(parameter(IntDomain{.low = 0, .high = 7, .step = 5}), "/x/int/1", "5");
  refuses(parameter(IntDomain{.low = 0, .high = 4, .step = 5}), "/x/step", "4");
  refuses(parameter(IntDomain{.low = 0, .high = 4, .step = 0}), "/x/step");
}

TEST_CASE("choices are 1 to 1024, each once; 1 and 1.0 are two", "[space]") {
  accepts(parameter(ChoiceDomain{{ParamValue(true)}}));
  accepts(parameter(ChoiceDomain{{ParamValue(std::int64_t{1}), ParamValue(1.0), ParamValue(true),
                                  ParamValue(std::string("1"))}}));
  accepts(parameter(ChoiceDomain{numbers(1024)}));
  refuses(parameter(ChoiceDomain{numbers(1025)}), "/x/choice");
  refuses(parameter(ChoiceDomain{}), "/x/choice");
  refuses(parameter(ChoiceDomain{{ParamValue(1.0), ParamValue(2.0), ParamValue(1.0)}}),
          "/x/choice/2");
  refuses(parameter(ChoiceDomain{{ParamValue(1.0), ParamValue(infinity)}}), "/x/choice/1");
}

TEST_CASE("levels are all numbers or all strings", "[space]") {
  accepts(parameter(OrdinalDomain{{ParamValue(std::int64_t{8}), ParamValue(0.5)}}));
  accepts(parameter(OrdinalDomain{{ParamValue(std::string("s")), ParamValue(std::string("l"))}}));
  refuses(parameter(OrdinalDomain{{ParamValue(1.0), ParamValue(std::string("l"))}}),
          "/x/ordinal/1");
  refuses(parameter(OrdinalDomain{{ParamValue(true), ParamValue(false)}}), "/x/ordinal/0");
  refuses(parameter(OrdinalDomain{}), "/x/ordinal");
  refuses(parameter(OrdinalDomain{{ParamValue(1.0), ParamValue(1.0)}}), "/x/ordinal/1");
}

TEST_CASE("a default lies in its domain and has its type", "[space]") {
  const FloatDomain unit{.low = 0, .high = 1};
  accepts(parameter(unit, ParamValue(1.0)));
  accepts(parameter(BoolDomain{}, ParamValue(false)));
  refuses(parameter(unit, ParamValue(1.5)), "/x/default");
  refuses(parameter(unit, ParamValue(std::int64_t{1})), "/x/default");
  refuses(parameter(BoolDomain{}, ParamValue(std::int64_t{1})), "/x/default");
  refuses(parameter(ChoiceDomain{{ParamValue(1.0)}}, ParamValue(2.0)), "/x/default");
  refuses(parameter(FixedDomain{ParamValue(infinity)}), "/x/fixed");
}
