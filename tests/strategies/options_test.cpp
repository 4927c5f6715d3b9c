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

}  // namespace hpo
