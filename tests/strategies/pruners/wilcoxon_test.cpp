// The signed-rank rule; streams_test.cpp holds it against an oracle.
#include <catch2/catch.hpp>

#include "tests/strategies/pruners/events.hpp"

namespace hpo {
namespace {

// Trial 0 has 1 at each of so many steps.
Pruner with_best(std::int64_t steps) {
  StudySpec spec = test::pruned_study("wilcoxon");
  spec.fidelity.reset();
  Pruner pruner = test::make_pruner(spec);
  for (std::int64_t step = 0; step < steps; ++step) pruner.report(test::report_of(0, step, 1.0));
  pruner.finished(0, TrialState::completed, 1.0);
  return pruner;
}

}  // namespace

TEST_CASE("a trial that is worse at four of four steps is stopped, in any order", "[pruner]") {
  Pruner pruner = with_best(10);
  for (const std::int64_t step : {7, 2, 9}) {
    CHECK(pruner.report(test::report_of(1, step, 2.0 + 0.1 * static_cast<double>(step))) ==
          Decision{});  // 3 of 3: p = 1/8
  }
  CHECK(pruner.report(test::report_of(1, 2, 9.0)) == Decision{});  // again
  const Decision decision = pruner.report(test::report_of(1, 4, 3.0));
  CHECK(decision.verdict == Verdict::stop);
  CHECK(decision.reason ==
        "worse than trial 0, the best, on 4 common steps: p = 0.0625 is below 0.1");
}

TEST_CASE("a trial whose mean is still as good as the best one's goes on", "[pruner]") {
  Pruner pruner = with_best(10);
  pruner.report(test::report_of(1, 11, -100.0));  // a step that the best trial does not have
  for (std::int64_t step = 0; step < 10; ++step) {
    CHECK(pruner.report(test::report_of(1, step, 2.0 + 0.1 * static_cast<double>(step))) ==
          Decision{});
  }
}

TEST_CASE("a trial whose mean is as good as the best one's goes on, until it is worse",
          "[pruner]") {
  Pruner pruner = with_best(10);
  pruner.report(test::report_of(1, 11, -3.0));
  for (std::int64_t step = 0; step < 4; ++step) {  // in the end a mean of 1
    CHECK(pruner.report(test::report_of(1, step, 2.0)) == Decision{});
  }
  CHECK(pruner.report(test::report_of(1, 4, 2.0)).verdict == Verdict::stop);
}

TEST_CASE("a new best trial is compared with from the next report on", "[pruner]") {
  Pruner pruner = with_best(10);
  for (std::int64_t step = 0; step < 6; ++step) {
    CHECK(pruner.report(test::report_of(1, step, 0.5)).verdict == Verdict::go_on);
    CHECK(pruner.report(test::report_of(2, step, 0.1 * static_cast<double>(step))).verdict ==
          Verdict::go_on);
  }
  pruner.finished(2, TrialState::completed, 0.25);
  const Decision decision = pruner.report(test::report_of(1, 7, 0.5));
  CHECK(decision.verdict == Verdict::stop);
  CHECK(decision.reason.find("worse than trial 2, the best, on 6 common steps") == 0);
}

TEST_CASE("values at max or beyond count in the test of an earlier step", "[pruner]") {
  Pruner pruner = test::make_pruner(test::pruned_study("wilcoxon"));  // max: 27
  for (const std::int64_t step : {24, 27, 28, 29}) pruner.report(test::report_of(0, step, 1.0));
  pruner.finished(0, TrialState::completed, 1.0);
  for (const std::int64_t step : {29, 28, 27}) {
    CHECK(pruner.report(test::report_of(1, step, 0.1 * static_cast<double>(step))) == Decision{});
  }
  CHECK(pruner.report(test::report_of(1, 24, 2.0)).reason ==
        "worse than trial 0, the best, on 4 common steps: p = 0.0625 is below 0.1");
}

TEST_CASE("steps beyond the limit are neither kept nor judged", "[pruner]") {
  Pruner pruner = with_best(3000);
  for (std::int64_t step = 0; step < 1024; ++step) {
    REQUIRE(pruner.report(test::report_of(1, step, 1.0)).verdict == Verdict::go_on);
  }
  for (std::int64_t step = 1024; step < 3000; ++step) {
    REQUIRE(pruner.report(test::report_of(1, step, 50.0)) == Decision{});
  }
}

}  // namespace hpo
