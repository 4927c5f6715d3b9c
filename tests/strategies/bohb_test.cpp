// BOHB: which rung the model is of, and that values of different rungs are never compared.
#include <catch2/catch.hpp>
#include <cmath>

#include "strategies/strategy.hpp"
#include "tests/strategies/spaces.hpp"

namespace hpo {
namespace {

constexpr int asked = 120;

// Rungs at 1, 3 and 9 epochs; the last one is at 27.
StudySpec bohb_spec(double random_fraction = 0.0) {
  StudySpec spec = study_of(space_of_domains({FloatDomain{}}));
  spec.strategy = {.type = "bohb", .options = {{"random_fraction", random_fraction}}};
  return spec;
}

// How many of its proposals lie near to `x`.
int near(const StudySpec& spec, const History& history, double x) {
  const auto strategy = *make_strategy(spec);
  int found = 0;
  for (int number = 1000; number < 1000 + asked; ++number) {
    const auto answer = strategy->ask(history, number, 1);
    found += std::abs(std::get<double>(answer->proposals[0].values[0]) - x) < 0.15 ? 1 : 0;
  }
  return found;
}

bool is_sobol(const StudySpec& spec, const History& history, int number) {
  const auto own = (*make_strategy(spec))->ask(history, number, 1);
  const auto other = (*make_strategy(with_strategy(spec, "sobol")))->ask(history, number, 1);
  return own->proposals == other->proposals;
}

// Curves cross: after one epoch 0.2 looks best, after three 0.5, at the end 0.8. So many trials end
// at each; values grow from rung to rung, as if trainings got worse.
HistoryBuilder crossing(int at_first, int at_second, int at_end) {
  HistoryBuilder builder(1);
  const int count = at_first + at_second + at_end;
  for (int i = 0; i < count; ++i) {
    const double x = std::fmod(0.618034 * i, 1.0);  // spreads evenly, however many there are
    const bool is_whole = i >= at_first + at_second;
    builder.tell(i, 0, std::abs(x - 0.2));
    if (i >= at_first) builder.tell(i, 1, 100 + std::abs(x - 0.5));
    builder.add(i, {x}, is_whole ? TrialState::completed : TrialState::pruned,
                is_whole ? 1000 + std::abs(x - 0.8) : 0.0);
  }
  return builder;
}

// By chance.
constexpr int few = asked * 4 / 10;
constexpr int most = asked * 6 / 10;

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
  HistoryBuilder builder(1);
  std::vector<OpenTrial> open;
  for (int i = 0; i < 40; ++i) {
    const double x = std::fmod(0.618034 * i, 1.0);
    builder.tell(i, 0, std::abs(x - 0.2));
    open.push_back({i, {x}});
  }
  builder.history().set_open(open);
  CHECK(near(bohb_spec(), builder.history(), 0.2) > most);
}

TEST_CASE("who fails, or tells no number, is never one of bohb's good trials", "[bohb]") {
  const auto [state, factor] = GENERATE(table<TrialState, double>({
      {TrialState::failed, 1.0}, {TrialState::infeasible, 1.0}, {TrialState::pruned, NAN}}));
  HistoryBuilder builder(1);
  for (int i = 0; i < 60; ++i) {
    const double x = std::fmod(0.618034 * i, 1.0);
    const bool is_bad = x < 0.35;
    builder.tell(i, 0, x * (is_bad ? factor : 1.0));
    builder.add(i, {x}, is_bad ? state : TrialState::pruned, 0.0);
  }
  CHECK(near(bohb_spec(), builder.history(), 0.15) < few);
  CHECK(near(bohb_spec(), builder.history(), 0.45) > few);
}

TEST_CASE("a batch of bohb's is what asks for one after the other give", "[bohb]") {
  StudySpec spec = bohb_spec(0.4);
  HistoryBuilder builder = crossing(30, 0, 0);
  const auto batch = (*make_strategy(spec))->ask(builder.history(), 30, 8);
  REQUIRE(batch->proposals.size() == 8);
  const auto single = *make_strategy(spec);
  std::vector<OpenTrial> open;
  for (const Proposal& each : batch->proposals) {
    builder.history().set_open(open);
    CHECK(single->ask(builder.history(), each.number, 1)->proposals[0] == each);
    open.push_back({each.number, each.values});
  }
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
