// The list of strategies and the names that a study may use.
#include "strategies/strategy.hpp"

#include <catch2/catch.hpp>
#include <set>

#include "schema/automatic.hpp"
#include "schema/strategy_list.hpp"
#include "tests/strategies/spaces.hpp"

namespace hpo {

TEST_CASE("a strategy is found by its name", "[strategy]") {
  StudySpec spec = study_of(space_of_domains({BoolDomain{}}));
  for (const StrategyEntry& entry : strategies()) {
    spec.strategy.type = entry.name;
    const auto found = find_strategy(spec);
    REQUIRE(found);
    CHECK(found->name == entry.name);
    CHECK(found->version >= 1);
    CHECK(make_strategy(spec));
  }
}

TEST_CASE("auto is the strategy of the first rule that fits", "[strategy]") {
  StudySpec spec = study_of(space_of_domains({FloatDomain{}, BoolDomain{}}));
  spec.strategy.type = "auto";
  for (const int trials_max : {100, 10'000}) {
    spec.budget.trials = trials_max;
    REQUIRE(find_strategy(spec));
    CHECK(find_strategy(spec)->name == auto_rule(shape_of(spec)).strategy);
  }
}

TEST_CASE("what a rule of auto names is a strategy", "[strategy]") {
  StudySpec spec = study_of(space_of_domains({BoolDomain{}}));
  for (const AutoRule& rule : auto_rules()) {
    spec.strategy.type = rule.strategy;
    CHECK(make_strategy(spec));
  }
}

TEST_CASE("what is listed for users is what there is, auto and external", "[strategy]") {
  std::set<std::string_view> listed;
  for (const StrategyText& each : strategy_list) listed.insert(each.name);
  std::set<std::string_view> made{"auto", "external"};
  for (const StrategyEntry& entry : strategies()) made.insert(entry.name);
  CHECK(listed == made);
}

TEST_CASE("an unknown strategy is refused with the list of known ones", "[strategy]") {
  StudySpec spec = study_of(space_of_domains({BoolDomain{}}));
  spec.strategy.type = "magic";
  const auto refused = make_strategy(spec);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::invalid_argument);
  CHECK(refused.error().what == "no strategy is called 'magic'");
  CHECK(refused.error().where == "study.json /strategy");
  for (const StrategyEntry& entry : strategies()) {
    CHECK(refused.error().remedy.find(entry.name) != std::string::npos);
  }
}

}  // namespace hpo
