// What a search space answers: who is in it, where, and what the defaults are.
#include <catch2/catch.hpp>
#include <cmath>

#include "schema/search_space.hpp"

using namespace hpo;

TEST_CASE("a float domain holds its bounds and no other type", "[space]") {
  const Domain domain = FloatDomain{.low = -1, .high = 2};
  CHECK(contains(domain, -1.0));
  CHECK(contains(domain, 2.0));
  CHECK_FALSE(contains(domain, std::nextafter(2.0, 3.0)));
  CHECK_FALSE(contains(domain, std::nan("")));
  CHECK_FALSE(contains(domain, std::int64_t{1}));
}

TEST_CASE("a stepped float holds every low + k step as it is computed", "[space]") {
  const FloatDomain domain{.low = 0.3, .high = 1.0, .step = 0.05};
  for (int k = 0; k <= 14; ++k) CHECK(contains(domain, domain.low + k * *domain.step));
  CHECK(contains(domain, 1.0));
  CHECK_FALSE(contains(domain, 0.325));
  CHECK_FALSE(contains(domain, 0.3501));
  CHECK_FALSE(contains(domain, 0.25));
  CHECK_FALSE(contains(domain, 1.05));
}

TEST_CASE("an int domain holds its steps and no other type", "[space]") {
  const Domain domain = IntDomain{.low = -4, .high = 8, .step = 4};
  CHECK(contains(domain, std::int64_t{-4}));
  CHECK(contains(domain, std::int64_t{8}));
  CHECK_FALSE(contains(domain, std::int64_t{2}));
  CHECK_FALSE(contains(domain, std::int64_t{12}));
  CHECK_FALSE(contains(domain, 4.0));
}

TEST_CASE("choices, levels, bools and fixed values are told apart by type", "[space]") {
  CHECK(contains(ChoiceDomain{{ParamValue(1.0)}}, 1.0));
  CHECK_FALSE(contains(ChoiceDomain{{ParamValue(1.0)}}, std::int64_t{1}));
  CHECK(contains(OrdinalDomain{{ParamValue(std::string("s"))}}, std::string("s")));
  CHECK_FALSE(contains(OrdinalDomain{{ParamValue(std::string("s"))}}, std::string("t")));
  CHECK(contains(BoolDomain{}, true));
  CHECK_FALSE(contains(BoolDomain{}, std::int64_t{1}));
  CHECK(contains(FixedDomain{ParamValue(2.0)}, 2.0));
  CHECK_FALSE(contains(FixedDomain{ParamValue(2.0)}, 3.0));
}

SCENARIO("a space knows its parameters by name and its defaults", "[space]") {
  GIVEN("a float with a default, a bool with one and a fixed value") {
    const auto made = SearchSpace::make(
        {{.name = "lr", .domain = FloatDomain{}, .default_value = 0.5},
         {.name = "amp", .domain = BoolDomain{}, .default_value = true},
         {.name = "version", .domain = FixedDomain{ParamValue(std::int64_t{3})}}});
    REQUIRE(made);
    THEN("indices follow the order of the list") {
      CHECK(made->index_of("lr") == 0);
      CHECK(made->index_of("version") == 2);
      CHECK_FALSE(made->index_of("l"));
    }
    THEN("the defaults are complete and lie in the space") {
      REQUIRE(made->defaults());
      CHECK(*made->defaults() == Values{0.5, true, std::int64_t{3}});
      CHECK(made->contains(*made->defaults()));
    }
    THEN("too few values, or one outside, are not in the space") {
      CHECK_FALSE(made->contains({0.5, true}));
      CHECK_FALSE(made->contains({1.5, true, std::int64_t{3}}));
    }
  }
  GIVEN("a parameter without default") {
    const auto made = SearchSpace::make({{.name = "lr"}});
    REQUIRE(made);
    THEN("there are no defaults") { CHECK_FALSE(made->defaults()); }
  }
}

TEST_CASE("spaces are equal by content, whoever made them", "[space]") {
  const auto make = [](double high) {
    return *SearchSpace::make({{.name = "x", .domain = FloatDomain{.high = high}}});
  };
  CHECK(make(1) == make(1));
  CHECK_FALSE(make(1) == make(2));
}
