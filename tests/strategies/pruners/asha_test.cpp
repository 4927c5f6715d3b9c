// ASHA by its two types.
#include <catch2/catch.hpp>

#include "tests/strategies/pruners/events.hpp"

namespace hpo {

TEST_CASE("asha stops two of three trials at a rung, or lets them wait", "[pruner]") {
  const auto [type, verdict] = GENERATE(table<std::string, Verdict>({
      {"stopping", Verdict::stop}, {"promotion", Verdict::pause}}));
  Pruner pruner = test::make_pruner(test::pruned_study("asha", {{"type", type}}));
  for (int trial = 0; trial < 9; ++trial) pruner.report(test::report_of(trial, 1, trial));
  CHECK(pruner.report(test::report_of(9, 1, 3.5)).verdict == verdict);
  CHECK(pruner.report(test::report_of(10, 1, 1.5)).verdict == Verdict::go_on);
}

TEST_CASE("a trial that is taken up goes on to the next rung", "[pruner]") {
  Pruner pruner =
      test::make_pruner(test::pruned_study("asha", {{"type", std::string("promotion")}}));
  for (int trial = 0; trial < 3; ++trial) pruner.report(test::report_of(trial, 1, trial));
  REQUIRE(pruner.take_up() == TakeUp{0, 0});
  CHECK(pruner.report(test::report_of(0, 2, 0.0)).verdict == Verdict::pause);  // it ignored that
  pruner.taken_up(0);
  CHECK(pruner.report(test::report_of(0, 1, 0.0)) == Decision{});  // from its checkpoint
  CHECK(pruner.report(test::report_of(0, 2, 0.0)) == Decision{});
  CHECK(pruner.report(test::report_of(0, 3, 0.0)).rung == 1);
}

}  // namespace hpo
