// name=value words become JSON of the parameter's type.
#include "cli/typed_params.hpp"

#include <catch2/catch.hpp>

using namespace hpo;
using cli::params_body;

namespace {

SearchSpace space() {
  return *SearchSpace::make(
      {{.name = "lr", .domain = FloatDomain{.low = 1e-5, .high = 1}},
       {.name = "width", .domain = IntDomain{.low = 1, .high = 512}},
       {.name = "act", .domain = ChoiceDomain{{std::string("relu"), std::string("1")}}},
       {.name = "batch", .domain = OrdinalDomain{{std::int64_t{64}, std::int64_t{128}}}},
       {.name = "amp", .domain = BoolDomain{}}});
}

}  // namespace

TEST_CASE("a value is read in its parameter's type", "[cli]") {
  const auto [word, body] = GENERATE(table<const char*, const char*>(
      {{"lr=1e-3", R"({"params":{"lr":0.001}})"},
       {"lr=1", R"({"params":{"lr":1.0}})"},
       {"width=-3", R"({"params":{"width":-3}})"},
       {"act=1", R"({"params":{"act":"1"}})"},
       {"batch=128", R"({"params":{"batch":128}})"},
       {"batch=100", R"({"params":{"batch":"100"}})"},  // the daemon tells the levels
       {"amp=true", R"({"params":{"amp":true}})"}}));
  const auto result = params_body(space(), {word});
  REQUIRE(result);
  CHECK(*result == body);
}

TEST_CASE("a number and its text among the choices are told apart by quotes", "[cli]") {
  const SearchSpace both = *SearchSpace::make(
      {{.name = "o", .domain = ChoiceDomain{{std::string("1"), std::int64_t{1}}}}});
  CHECK(*params_body(both, {"o=1"}) == R"({"params":{"o":1}})");
  CHECK(*params_body(both, {"o=\"1\""}) == R"({"params":{"o":"1"}})");
}

TEST_CASE("a value of another type is told which one is wanted", "[cli]") {
  CHECK(params_body(space(), {"width=3.5"}).error().what ==
        "width takes a whole number, no \"3.5\"");
  CHECK(params_body(space(), {"amp=yes"}).error().what == "amp takes true or false, no \"yes\"");
}

TEST_CASE("several words make one trial", "[cli]") {
  CHECK(*params_body(space(), {"width=8", "lr=0.5"}) == R"({"params":{"width":8,"lr":0.5}})");
}

TEST_CASE("a word that cannot be a value of that parameter is refused", "[cli]") {
  const auto word = GENERATE("lr", "lr=", "lr=x", "width=1.5", "width=1e3", "amp=yes", "lrr=1");
  INFO(word);
  CHECK_FALSE(params_body(space(), {word}));
  CHECK_FALSE(params_body(space(), {"lr=1", "lr=2"}));
  CHECK(params_body(space(), {"widht=1"}).error().remedy == "did you mean \"width\"?");
}
