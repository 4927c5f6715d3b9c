// The percentile rule's options; the rule itself is held by streams_test.cpp.
#include <catch2/catch.hpp>

#include "tests/strategies/pruners/events.hpp"

namespace hpo {
namespace {

Pruner with_peers(std::map<std::string, ParamValue> options) {
  Pruner pruner = test::make_pruner(test::pruned_study("percentile", std::move(options)));
  for (int trial = 0; trial < 5; ++trial) {
    for (const std::int64_t step : {1, 2, 3, 4}) {
      pruner.report(test::report_of(trial, step, trial));
    }
    pruner.finished(trial, TrialState::completed, trial);
  }
  return pruner;
}

}  // namespace

TEST_CASE("a trial stops when its best value is worse than the percentile", "[pruner]") {
  Pruner pruner = with_peers({{"percentile", 25.0}});
  CHECK(pruner.report(test::report_of(5, 1, 1.0)).verdict == Verdict::go_on);
  CHECK(pruner.report(test::report_of(5, 2, 9.0)).verdict == Verdict::go_on);  // it was 1 before
  const Decision decision = pruner.report(test::report_of(6, 1, 1.25));
  CHECK(decision.verdict == Verdict::stop);
  CHECK(decision.reason == "best value 1.25 at step 1 is worse than the 25 % best of them, up to "
                           "1, of 5 completed trials there");
}

TEST_CASE("nothing is judged where no peers have been, before warm-up, or twice in an interval",
          "[pruner]") {
  Pruner pruner = with_peers({{"warmup_steps", std::int64_t{2}},
                              {"interval_steps", std::int64_t{2}}});
  CHECK(pruner.report(test::report_of(5, 1, 9.0)) == Decision{});
  CHECK(pruner.report(test::report_of(5, 7, 9.0)) == Decision{});
  CHECK(pruner.report(test::report_of(6, 2, 0.0)) == Decision{});
  CHECK(pruner.report(test::report_of(7, 2, 9.0)).verdict == Verdict::stop);
  CHECK(pruner.report(test::report_of(8, 3, 9.0)).verdict == Verdict::stop);
}

}  // namespace hpo
