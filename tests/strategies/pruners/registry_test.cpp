// The list of pruners and the names that a study may use.
#include <catch2/catch.hpp>
#include <set>

#include "schema/pruner_list.hpp"
#include "tests/strategies/pruners/events.hpp"

namespace hpo {

TEST_CASE("what is listed for users is what there is", "[pruner]") {
  std::set<std::string_view> listed;
  for (const PrunerText& each : pruner_list) listed.insert(each.name);
  std::set<std::string_view> made;
  for (const PrunerEntry& entry : pruners()) {
    made.insert(entry.name);
    CHECK(entry.version >= 1);
    CHECK(Pruner::make(test::pruned_study(std::string(entry.name))));
  }
  CHECK(listed == made);
}

TEST_CASE("an unknown pruner is refused with the list of known ones", "[pruner]") {
  const auto refused = Pruner::make(test::pruned_study("magic"));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().what == "no pruner is called 'magic'");
  CHECK(refused.error().remedy ==
        "use one of: none, median, percentile, wilcoxon, asha, hyperband");
}

TEST_CASE("options and a fidelity that a pruner cannot do with are refused", "[pruner]") {
  for (const PrunerEntry& entry : pruners()) {
    const auto refused =
        Pruner::make(test::pruned_study(std::string(entry.name), {{"speed", ParamValue(1.0)}}));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().where == "study.json /pruner/options/speed");
  }
  CHECK_FALSE(Pruner::make(test::pruned_study("percentile", {{"percentile", ParamValue(101.0)}})));
  for (const PrunerText& each : pruner_list) {
    StudySpec spec = test::pruned_study(std::string(each.name));
    spec.fidelity.reset();
    CHECK(Pruner::make(spec).has_value() == !each.needs_fidelity);
  }
}

}  // namespace hpo
