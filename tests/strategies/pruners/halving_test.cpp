// Successive halving: what brackets and rungs do beside the rule that streams_test.cpp holds.
#include "strategies/pruners/halving.hpp"

#include <catch2/catch.hpp>
#include <map>

#include "tests/strategies/pruners/events.hpp"

namespace hpo::pruning {
namespace {

Decision judge(Halving& halving, int trial, std::int64_t step, double loss) {
  return halving.judge({.trial = trial, .step = step, .loss = loss});
}

}  // namespace

TEST_CASE("trials are shared among brackets by the brackets' sizes", "[pruner]") {
  const Halving halving(test::pruned_study("hyperband"), false, {27.0, 12.0, 6.0, 4.0});
  std::map<std::size_t, int> counts;
  for (int trial = 0; trial < 49'000; ++trial) ++counts[halving.bracket_of(trial)];
  CHECK(std::abs(counts[0] - 27'000) < 500);
  CHECK(std::abs(counts[1] - 12'000) < 400);
  CHECK(std::abs(counts[2] - 6'000) < 300);
  CHECK(std::abs(counts[3] - 4'000) < 300);
}

TEST_CASE("another seed shares trials in another way", "[pruner]") {
  StudySpec spec = test::pruned_study("hyperband");
  const Halving one(spec, false, {1.0, 1.0});
  ++spec.seed;
  const Halving other(spec, false, {1.0, 1.0});
  int same = 0;
  for (int trial = 0; trial < 1000; ++trial) {
    same += one.bracket_of(trial) == other.bracket_of(trial) ? 1 : 0;
  }
  CHECK((same > 400 && same < 600));
}

TEST_CASE("a report counts at the highest rung that it reaches, and nowhere else", "[pruner]") {
  Halving halving(test::pruned_study("asha"), false, {1.0});
  CHECK(judge(halving, 0, 10, 5.0).rung == 2);  // beyond 1, 3 and 9
  CHECK(judge(halving, 0, 11, 9.0) == Decision{});
  CHECK(judge(halving, 1, 1, 9.0).verdict == Verdict::go_on);  // the first at rung 0
  CHECK(judge(halving, 2, 9, 6.0).verdict == Verdict::stop);
  CHECK(judge(halving, 0, 27, 99.0) == Decision{});  // the end: nothing is left to save
}

TEST_CASE("the reason tells the value, its place and how many there were", "[pruner]") {
  Halving halving(test::pruned_study("asha"), false, {1.0});
  CHECK(judge(halving, 0, 1, 0.5).reason == "value 0.5 at step 1 is the first at that rung");
  CHECK(judge(halving, 1, 1, 0.25).reason ==
        "value 0.25 at step 1 is among the best third of 2 at that rung");
  CHECK(judge(halving, 2, 2, 0.61).reason ==
        "value 0.61 at step 2 is not among the best third of 3 at that rung");
  CHECK(judge(halving, 3, 1, std::numeric_limits<double>::infinity()).reason ==
        "the value at step 1 is not a finite number");
}

TEST_CASE("who pauses is taken up from the highest rung, the best first, once", "[pruner]") {
  Halving halving(test::pruned_study("asha"), true, {1.0});
  for (int trial = 0; trial < 3; ++trial) {
    const double loss = 1.0 + trial;
    const auto expected = trial < 2 ? "waits" : "is not among";  // 3 of eta = 3 are a choice
    const Decision decision = judge(halving, trial, 1, loss);
    CHECK(decision.verdict == Verdict::pause);
    CHECK(decision.reason.find(expected) != std::string::npos);
  }
  CHECK(halving.take_up() == TakeUp{0, 0});
  halving.taken_up(0);
  CHECK_FALSE(halving.take_up());
  CHECK(judge(halving, 3, 1, 0.5).verdict == Verdict::go_on);  // among the best when it arrives
  for (const int trial : {0, 3}) CHECK(judge(halving, trial, 3, 1.0).verdict == Verdict::pause);
  CHECK_FALSE(halving.take_up());
  CHECK(judge(halving, 4, 4, 2.0).verdict == Verdict::pause);
  CHECK(halving.take_up() == TakeUp{0, 1});  // a tie: the lower number
  halving.end(0, false, 0.0);
  CHECK(halving.take_up() == TakeUp{3, 1});
}

}  // namespace hpo::pruning
