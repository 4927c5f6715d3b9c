// Params as people give them: defaults filled in, numbers taken kindly, the rest refused clearly.
#include <catch2/catch.hpp>

#include "schema/codec/codec.hpp"

using namespace hpo;

namespace {

SearchSpace given_space() {
  return *SearchSpace::make(
      {{.name = "lr", .domain = FloatDomain{.low = 0, .high = 5}, .default_value = 0.5},
       {.name = "n", .domain = IntDomain{.low = 1, .high = 8}},
       {.name = "batch", .domain = OrdinalDomain{{std::int64_t{64}, 128.0}},
        .default_value = std::int64_t{64}},
       {.name = "kind", .domain = ChoiceDomain{{std::int64_t{1}, 1.0, std::string("x"), true}},
        .default_value = std::string("x")},
       {.name = "amp", .domain = BoolDomain{}, .default_value = false},
       {.name = "seed", .domain = FixedDomain{std::int64_t{7}}}});
}

Result<Values> given(std::string_view text) {
  const json::Parsed parsed = json::parse(text);
  REQUIRE(parsed.problems.empty());
  return params_from_node(given_space(), parsed.root);
}

void refuses(std::string_view text, std::string_view where, std::string_view remedy) {
  INFO(text);
  const Result<Values> values = given(text);
  REQUIRE_FALSE(values);
  INFO(values.error().what << " | " << values.error().remedy);
  CHECK(values.error().code == ErrorCode::invalid_argument);
  CHECK(values.error().where == where);
  CHECK(values.error().remedy.find(remedy) != std::string::npos);
}

}  // namespace

TEST_CASE("a missing name takes its default, a fixed one its value", "[codec]") {
  const Result<Values> values = given(R"({"n":3})");
  REQUIRE(values);
  CHECK(*values == Values{0.5, std::int64_t{3}, std::int64_t{64}, std::string("x"), false,
                          std::int64_t{7}});
}

TEST_CASE("3 is a legal float and 3.0 a legal int", "[codec]") {
  const Result<Values> values = given(R"({"lr":3,"n":3.0})");
  REQUIRE(values);
  CHECK((*values)[0] == ParamValue(3.0));
  CHECK((*values)[1] == ParamValue(std::int64_t{3}));
}

TEST_CASE("an entry is found by type first, then by its number", "[codec]") {
  CHECK((*given(R"({"n":1,"kind":1})"))[3] == ParamValue(std::int64_t{1}));
  CHECK((*given(R"({"n":1,"kind":1.0})"))[3] == ParamValue(1.0));
  CHECK((*given(R"({"n":1,"batch":64.0})"))[2] == ParamValue(std::int64_t{64}));
  CHECK((*given(R"({"n":1,"batch":128})"))[2] == ParamValue(128.0));
  CHECK((*given(R"({"n":1,"kind":true})"))[3] == ParamValue(true));
}

TEST_CASE("what cannot be meant is refused with its place and what is legal", "[codec]") {
  refuses(R"({"lr":0.5})", "/n", "default in the study");
  refuses(R"({"n":1,"lrr":0.5})", "/lrr", "lr, n, batch");
  refuses(R"({"n":0})", "/n", "from 1 to 8");
  refuses(R"({"n":1.5})", "/n", "an integer");
  refuses(R"({"n":1e300})", "/n", "an integer");
  refuses(R"({"n":"1"})", "/n", "an integer");
  refuses(R"({"n":1,"lr":5.5})", "/lr", "from 0.0 to 5.0");
  refuses(R"({"n":1,"lr":true})", "/lr", "a number");
  refuses(R"({"n":1,"amp":1})", "/amp", "true or false");
  refuses(R"({"n":1,"kind":"y"})", "/kind", "one of 1, 1.0, \"x\", true");
  refuses(R"({"n":1,"seed":8})", "/seed", "fixed value 7");
  refuses(R"([1])", "", "{\"name\": value");
}
