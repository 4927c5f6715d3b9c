// The median rule: the percentile rule at 50 %.
#include <catch2/catch.hpp>

#include "tests/strategies/pruners/events.hpp"

namespace hpo {

TEST_CASE("a trial worse than the median of five completed ones stops, and says so", "[pruner]") {
  Pruner pruner = test::make_pruner(test::pruned_study("median"));
  for (int trial = 0; trial < 5; ++trial) {
    CHECK(pruner.report(test::report_of(trial, 4, trial)).verdict == Verdict::go_on);
    pruner.finished(trial, TrialState::completed, trial);
  }
  CHECK(pruner.report(test::report_of(5, 4, 2.0)).verdict == Verdict::go_on);
  const Decision decision = pruner.report(test::report_of(6, 4, 2.5));
  CHECK(decision.verdict == Verdict::stop);
  CHECK(decision.reason ==
        "best value 2.5 at step 4 is worse than the median 2, of 5 completed trials there");
}

}  // namespace hpo
