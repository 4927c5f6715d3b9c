// BOHB: which rung the model is of, and that values of different rungs are never compared.
#include <catch2/catch.hpp>
#include <cmath>

#include "strategies/strategy.hpp"
#include "tests/strategies/at_rungs.hpp"

namespace hpo {
namespace {

StudySpec bohb_spec(double random_fraction = 0.0) {
  StudySpec spec = study_at_rungs("bohb");
  spec.strategy.options["random_fraction"] = random_fraction;
  return spec;
}

}  // namespace

TEST_CASE("bohb learns at the highest rung that enough trials have reached", "[bohb]") {
  // One parameter: enough are four.
  const auto [at_first, at_second, at_end, best] = GENERATE(table<int, int, int, double>({
      {40, 0, 0, 0.2}, {40, 3, 0, 0.2}, {40, 12, 0, 0.5}, {40, 12, 3, 0.5}, {40, 12, 12, 0.8}}));
  INFO(at_first << ", " << at_second << " and " << at_end << " trials");
  HistoryBuilder builder = crossing(at_first, at_second, at_end);
  for (const double x : {0.2, 0.5, 0.8}) {
    INFO("near to " << x);
    if (x == best) CHECK(near(bohb_spec(), builder.history(), x) > most);
    else CHECK(near(bohb_spec(), builder.history(), x) < few);
  }
}

TEST_CASE("bohb begins as sobol does, until a rung has values for a model", "[bohb]") {
  const StudySpec spec = bohb_spec();
  CHECK(is_sobol(spec, crossing(3, 0, 0).history(), 50));
  CHECK_FALSE(is_sobol(spec, crossing(4, 0, 0).history(), 50));
}

TEST_CASE("a part of bohb's trials is drawn whatever the model says", "[bohb]") {
  StudySpec spec = bohb_spec();
  spec.strategy.options.clear();
  HistoryBuilder builder = crossing(40, 0, 0);
  int drawn = 0;
  for (int number = 1000; number < 1300; ++number) {
    drawn += is_sobol(spec, builder.history(), number) ? 1 : 0;
  }
  CHECK(drawn > 75);
  CHECK(drawn < 125);
  CHECK(is_sobol(bohb_spec(1.0), builder.history(), 1000));
}

TEST_CASE("open trials teach bohb what they told, as ended ones do", "[bohb]") {
  HistoryBuilder builder = all_open(40);
  CHECK(near(bohb_spec(), builder.history(), 0.2) > most);
}

TEST_CASE("who fails, or tells no number, is never one of bohb's good trials", "[bohb]") {
  const auto [state, factor] = GENERATE(table<TrialState, double>({
      {TrialState::failed, 1.0}, {TrialState::infeasible, 1.0}, {TrialState::pruned, NAN}}));
  HistoryBuilder builder(1);
  for (int i = 0; i < 60; ++i) {
    const double x = place(i);
    const bool is_bad = x < 0.35;
    builder.tell(i, 0, x * (is_bad ? factor : 1.0));
    builder.add(i, {x}, is_bad ? state : TrialState::pruned, 0.0);
  }
  CHECK(near(bohb_spec(), builder.history(), 0.15) < few);
  CHECK(near(bohb_spec(), builder.history(), 0.45) > few);
}

TEST_CASE("a batch of bohb's is what asks for one after the other give", "[bohb]") {
  CHECK(is_one_by_one(bohb_spec(0.4), crossing(30, 0, 0), 30, 8));
}

TEST_CASE("bohb without a fidelity is refused with a remedy", "[bohb]") {
  StudySpec spec = bohb_spec();
  spec.fidelity.reset();
  const auto refused = make_strategy(spec);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().what == "strategy 'bohb' needs a fidelity");
  CHECK_FALSE(refused.error().remedy.empty());
}

}  // namespace hpo
