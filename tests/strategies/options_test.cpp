// Options that a strategy does not know.
#include "strategies/options.hpp"

#include <catch2/catch.hpp>

#include "tests/strategies/spaces.hpp"

namespace hpo {

TEST_CASE("an unknown option is refused, with the known ones as the remedy", "[strategy]") {
  StudySpec spec = study_of(SearchSpace{});
  CHECK(check_options(spec, {}));
  spec.strategy.options["popsize"] = integer(3);
  CHECK(check_options(spec, {"population", "popsize"}));
  const auto refused = check_options(spec, {"population", "sigma"});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::invalid_argument);
  CHECK(refused.error().where == "study.json /strategy/options/popsize");
  CHECK(refused.error().remedy == "use: population, sigma");
  CHECK(check_options(spec, {}).error().remedy == "remove it: this strategy has no options");
}

TEST_CASE("options are as given, or their defaults", "[strategy]") {
  StudySpec spec = study_of(SearchSpace{});
  spec.strategy = {.type = "cma_es", .options = {{"sigma0", integer(1)}}};
  const auto values = OptionValues::make(spec, "cma_es");
  REQUIRE(values);
  CHECK(values->number("sigma0") == 1.0);
  CHECK(values->integer("warm_start") == 0);
  CHECK(values->word("restarts") == "ipop");
  CHECK_FALSE(values->has("population"));
}

TEST_CASE("an option that is unknown or out of range names what is legal", "[strategy]") {
  StudySpec spec = study_of(SearchSpace{});
  spec.strategy = {.type = "cma_es", .options = {{"sigma", 1.0}}};
  const auto unknown = OptionValues::make(spec, "cma_es");
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().remedy == "use: sigma0, population, restarts, warm_start");
  spec.strategy.options = {{"sigma0", 7.0}};
  const auto refused = OptionValues::make(spec, "cma_es");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().remedy == "it takes a number from 0.001 to 1.0");
}

}  // namespace hpo
