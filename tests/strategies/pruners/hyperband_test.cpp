// Hyperband: some trials are judged later than others, some never.
#include <catch2/catch.hpp>
#include <map>

#include "tests/strategies/pruners/events.hpp"

namespace hpo {
namespace {

// By the first rung at which trials are judged; -1: at none.
std::map<int, int> first_rungs(const StudySpec& spec, int trials) {
  Pruner pruner = test::make_pruner(spec);
  std::map<int, int> counts;
  for (int trial = 0; trial < trials; ++trial) {
    int first = -1;
    for (const std::int64_t step : {1, 3, 9, 26}) {
      const Decision decision = pruner.report(test::report_of(trial, step, trial));
      if (first < 0) first = decision.rung;
    }
    ++counts[first];
  }
  return counts;
}

}  // namespace

TEST_CASE("brackets begin at ever higher rungs, and the last one runs to the end", "[pruner]") {
  std::map<int, int> counts = first_rungs(test::pruned_study("hyperband"), 490);
  CHECK((counts[0] > counts[1] && counts[1] > counts[2] && counts[2] > 0 && counts[-1] > 0));
  CHECK(counts.size() == 4);
}

TEST_CASE("one bracket is asha", "[pruner]") {
  const StudySpec spec = test::pruned_study("hyperband", {{"brackets", std::int64_t{1}}});
  CHECK(first_rungs(spec, 100) == std::map<int, int>{{0, 100}});
}

TEST_CASE("a trial is compared with its own bracket alone", "[pruner]") {
  Pruner pruner = test::make_pruner(test::pruned_study("hyperband"));
  int firsts = 0;
  for (int trial = 0; trial < 60; ++trial) {
    const Decision decision = pruner.report(test::report_of(trial, 9, 60 - trial));
    firsts += decision.reason.find("is the first") != std::string::npos ? 1 : 0;
  }
  CHECK(firsts == 3);  // the fourth bracket has no rung
}

}  // namespace hpo
