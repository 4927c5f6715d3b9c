// MOBSTER: at which rung it searches, what stopped trials teach it there, and what they do not.
#include <catch2/catch.hpp>
#include <cmath>
#include <set>

#include "strategies/strategy.hpp"
#include "tests/strategies/at_rungs.hpp"

namespace hpo {
namespace {

StudySpec mobster_spec(double random_fraction = 0.0) {
  StudySpec spec = study_at_rungs("mobster");
  spec.strategy.options["random_fraction"] = random_fraction;
  return spec;
}

// The value of the next proposal, without chance of exploring: no trial is open.
double next(const StudySpec& spec, const History& history) {
  return std::get<double>((*make_strategy(spec))->ask(history, 1000, 1)->proposals[0].values[0]);
}

}  // namespace

TEST_CASE("mobster searches at the highest rung that enough trials have reached", "[mobster]") {
  // One parameter: enough are four.
  const auto [at_first, at_second, at_end, best] = GENERATE(table<int, int, int, double>({
      {40, 0, 0, 0.2}, {40, 12, 0, 0.5}, {40, 12, 12, 0.8}}));
  INFO(at_first << ", " << at_second << " and " << at_end << " trials");
  HistoryBuilder builder = crossing(at_first, at_second, at_end);
  for (const double x : {0.2, 0.5, 0.8}) {
    INFO("near to " << x);
    if (x == best) CHECK(near(mobster_spec(), builder.history(), x) > most);
    else CHECK(near(mobster_spec(), builder.history(), x) < few);
  }
}

TEST_CASE("mobster begins as sobol does, until trials have told something", "[mobster]") {
  CHECK(is_sobol(mobster_spec(), crossing(2, 0, 0).history(), 50));
  CHECK_FALSE(is_sobol(mobster_spec(), crossing(4, 0, 0).history(), 50));
}

TEST_CASE("a part of mobster's trials is drawn whatever the model says", "[mobster]") {
  StudySpec spec = mobster_spec();
  spec.strategy.options.clear();
  int drawn = 0;
  HistoryBuilder builder = crossing(12, 0, 0);
  for (int number = 1000; number < 1060; ++number) {
    drawn += is_sobol(spec, builder.history(), number) ? 1 : 0;
  }
  CHECK(drawn > 0);
  CHECK(drawn < 16);
  CHECK(is_sobol(mobster_spec(1.0), builder.history(), 1000));
}

TEST_CASE("a stopped trial's word at a rung moves what mobster proposes", "[mobster]") {
  const auto with_last = [](double value) {
    HistoryBuilder builder(1);
    for (int i = 0; i < 12; ++i) {
      builder.tell(i, 0, 1.0 - place(i));
      builder.add(i, {0.6 * place(i)}, TrialState::pruned, 0.0);
    }
    builder.tell(12, 0, value);
    builder.add(12, {0.8}, TrialState::pruned, 0.0);
    return next(mobster_spec(), builder.history());
  };
  CHECK(with_last(-0.4) > 0.7);
  CHECK(with_last(2.0) < 0.7);
}

TEST_CASE("what a stopped trial told is never a final value for mobster", "[mobster]") {
  // At the end 0.8 is best, at 1000. Early values are all less, and least at 0.2: as final ones
  // they would be the best by far.
  CHECK(std::abs(next(mobster_spec(), crossing(40, 0, 15).history()) - 0.8) < 0.1);
  HistoryBuilder builder = crossing(0, 0, 15);
  const double before = next(mobster_spec(), builder.history());
  builder.add(15, {0.1}, TrialState::pruned, -1e6);  // nor is what comes with the state
  CHECK(std::abs(before - 0.8) < 0.1);
  CHECK(std::abs(next(mobster_spec(), builder.history()) - 0.8) < 0.1);
}

TEST_CASE("open trials teach mobster what they told, as ended ones do", "[mobster]") {
  CHECK(near(mobster_spec(), all_open(40).history(), 0.2) > most);
}

TEST_CASE("mobster leaves where trainings fail, whatever they told before", "[mobster]") {
  HistoryBuilder builder(1);
  for (int i = 0; i < 40; ++i) {
    const bool is_bad = place(i) < 0.35;
    builder.tell(i, 0, place(i));
    builder.add(i, {place(i)}, is_bad ? TrialState::failed : TrialState::pruned, 0.0);
    if (!is_bad) builder.tell(i, 1, place(i));
  }
  CHECK(near(mobster_spec(), builder.history(), 0.15) < few);
  CHECK(near(mobster_spec(), builder.history(), 0.45) > few);
}

TEST_CASE("a batch of mobster's is what asks for one after the other give", "[mobster]") {
  CHECK(is_one_by_one(mobster_spec(0.4), crossing(30, 5, 0), 35, 6));
}

TEST_CASE("mobster tries no values again that another rung has seen", "[mobster]") {
  StudySpec spec = study_of(space_of_domains({IntDomain{.low = 0, .high = 19}}));
  spec.strategy = mobster_spec().strategy;
  const auto strategy = *make_strategy(spec);
  HistoryBuilder builder(1);
  std::set<Values> tried;
  for (int number = 0; number < 18; ++number) {
    const Values values = strategy->ask(builder.history(), number, 1)->proposals[0].values;
    const bool is_new = tried.insert(values).second;
    if (number >= 4) CHECK(is_new);  // the first ones are a sequence's
    const double x = static_cast<double>(std::get<std::int64_t>(values[0]));
    builder.tell(number, 0, std::abs(x - 12));
    if (number % 3 == 0) builder.tell(number, 1, std::abs(x - 12));
    builder.add(number, values, TrialState::pruned, 0.0);
  }
  CHECK(tried.contains({integer(12)}));
}

TEST_CASE("fits of mobster's count reports too, and are handed over", "[mobster]") {
  HistoryBuilder builder = crossing(30, 10, 0);
  const StudySpec spec = mobster_spec();
  const auto fits = (*make_strategy(spec))->fit(builder.history());
  CHECK(fits->history_seq == builder.history().seen_seq());
  for (int i = 40; i < 60; ++i) builder.tell(i, 0, place(i));  // told by trials that are open
  std::vector<OpenTrial> open;
  for (int i = 40; i < 60; ++i) open.push_back({i, {place(i)}});
  History history = builder.history();
  history.set_open(open);
  history.set_model_seq(fits->history_seq);
  const auto helped = *make_strategy(spec);
  helped->take(fits);
  CHECK(helped->ask(history, 60, 2)->proposals ==
        (*make_strategy(spec))->ask(history, 60, 2)->proposals);
  CHECK(helped->is_fit_due(history));  // by what was told since
}

TEST_CASE("mobster without a fidelity is refused with a remedy", "[mobster]") {
  StudySpec spec = mobster_spec();
  spec.fidelity.reset();
  const auto refused = make_strategy(spec);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().what == "strategy 'mobster' needs a fidelity");
  CHECK_FALSE(refused.error().remedy.empty());
}

}  // namespace hpo
