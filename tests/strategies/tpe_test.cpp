// The strategy `tpe`: where it goes, and what it takes for good.
#include <catch2/catch.hpp>
#include <cmath>

#include "strategies/strategy.hpp"
#include "tests/strategies/spaces.hpp"

namespace hpo {
namespace {

constexpr int startup = 10;

StudySpec tpe_spec(std::size_t dimension, std::uint64_t seed, Direction direction) {
  StudySpec spec = study_of(space_of_domains(std::vector<Domain>(dimension, FloatDomain{})));
  spec.strategy.type = "tpe";
  spec.seed = seed;
  spec.objective.direction = direction;
  return spec;
}

// The distance of the best of `trials` to the middle, which is the optimum.
double regret(const StudySpec& spec, int trials) {
  const auto strategy = make_strategy(spec);
  REQUIRE(strategy);
  HistoryBuilder builder(spec.space.size());
  double best = 1e9;
  for (int number = 0; number < trials; ++number) {
    const auto answer = (*strategy)->ask(builder.history(), number, 1);
    double sum = 0.0;
    for (const ParamValue& value : answer->proposals[0].values) {
      sum += std::pow(std::get<double>(value) - 0.5, 2);
    }
    best = std::min(best, sum);
    const bool is_minimum = spec.objective.direction == Direction::minimize;
    builder.add(answer->proposals[0].values, TrialState::completed, is_minimum ? sum : -sum);
  }
  return best;
}

// Of 100 proposals, those where the lower third's trials are told to have ended so.
int proposals_in_the_lower_third(TrialState its_state) {
  const StudySpec spec = tpe_spec(1, 4, Direction::minimize);
  const auto strategy = *make_strategy(spec);
  HistoryBuilder builder(1);
  for (int i = 0; i < 40; ++i) {  // the lower the better
    const double x = (i + 0.5) / 40.0;
    builder.add({x}, x < 1.0 / 3 ? its_state : TrialState::completed, x);
  }
  int found = 0;
  for (int number = 40; number < 140; ++number) {
    const auto answer = strategy->ask(builder.history(), number, 1);
    found += std::get<double>(answer->proposals[0].values[0]) < 0.3 ? 1 : 0;
  }
  return found;
}

}  // namespace

TEST_CASE("tpe comes nearer to an optimum than sobol, in both directions", "[tpe]") {
  const Direction direction = GENERATE(Direction::minimize, Direction::maximize);
  double by_tpe = 0.0;
  double by_sobol = 0.0;
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    StudySpec spec = tpe_spec(4, seed, direction);
    by_tpe += std::log(regret(spec, 80));
    spec.strategy.type = "sobol";
    by_sobol += std::log(regret(spec, 80));
  }
  CHECK(by_tpe / 8 < by_sobol / 8 - std::log(3.0));  // a third of it, at least
}

TEST_CASE("tpe begins as sobol does", "[tpe]") {
  StudySpec spec = tpe_spec(3, 5, Direction::minimize);
  const auto first = (*make_strategy(spec))->ask(History(3), 0, startup);
  spec.strategy.type = "sobol";
  const auto sobol = (*make_strategy(spec))->ask(History(3), 0, startup);
  CHECK(first->proposals == sobol->proposals);
}

TEST_CASE("a batch avoids its own members as it avoids open trials", "[tpe]") {
  const StudySpec spec = tpe_spec(2, 3, Direction::minimize);
  const auto strategy = *make_strategy(spec);
  HistoryBuilder builder(2);
  for (int i = 0; i < 20; ++i) {
    builder.add({i / 20.0, i / 20.0}, TrialState::completed, std::abs(i - 7.0));
  }
  const auto batch = strategy->ask(builder.history(), 20, 4);
  REQUIRE(batch->proposals.size() == 4);
  std::vector<OpenTrial> open;
  for (int i = 0; i < 3; ++i) {
    const Proposal& each = batch->proposals[static_cast<std::size_t>(i)];
    open.push_back({each.number, each.values});
  }
  builder.history().set_open(open);
  CHECK(strategy->ask(builder.history(), 23, 1)->proposals[0] == batch->proposals[3]);
}

TEST_CASE("tpe leaves where trainings fail, and learns nothing of what was cancelled", "[tpe]") {
  const int with_failures = proposals_in_the_lower_third(TrialState::failed);
  const int with_infeasible = proposals_in_the_lower_third(TrialState::infeasible);
  const int without_news = proposals_in_the_lower_third(TrialState::cancelled);
  INFO(with_failures << " of 100, " << without_news << " without the failures");
  CHECK(with_infeasible == with_failures);
  CHECK(with_failures < 40);
  CHECK(2 * with_failures < without_news);
}

TEST_CASE("tpe learns of a conditional parameter from the trials that have it", "[tpe]") {
  // Momentum near 0.8 is good for "sgd", which half of the trials have; "adam" is worse by itself.
  StudySpec spec = study_of(space_of(
      {{.name = "optimizer", .domain = choice({word_value("adam"), word_value("sgd")})},
       {.name = "momentum", .domain = FloatDomain{},
        .when = {{.parent = "optimizer", .values = {word_value("sgd")}}}}}));
  spec.strategy.type = "tpe";
  const auto strategy = *make_strategy(spec);
  HistoryBuilder builder(2);
  for (int i = 0; i < 60; ++i) {
    const double x = i / 60.0;
    if (i % 2 == 0) builder.add({word_value("adam"), Inactive{}}, TrialState::completed, 1.0);
    else builder.add({word_value("sgd"), x}, TrialState::completed, std::abs(x - 0.8));
  }
  int near = 0;
  int with_momentum = 0;
  for (int number = 60; number < 160; ++number) {
    const auto answer = strategy->ask(builder.history(), number, 1);
    const Values& values = answer->proposals[0].values;
    REQUIRE(spec.space.contains(values));
    if (!is_active(values[1])) continue;
    ++with_momentum;
    near += std::abs(std::get<double>(values[1]) - 0.8) < 0.2 ? 1 : 0;
  }
  CHECK(with_momentum > 80);
  CHECK(near > with_momentum * 8 / 10);
}

TEST_CASE("tpe chooses among what constraints allow, near to what is good", "[tpe]") {
  // The best lies at (0.6, 0), which is forbidden; what is allowed reaches to (0.5, 0).
  StudySpec spec = study_of(constrained_space({{.name = "x"}, {.name = "y"}}, {"x + y <= 0.5"}));
  spec.strategy.type = "tpe";
  const auto strategy = *make_strategy(spec);
  HistoryBuilder builder(2);
  for (int number = 0; number < 60; ++number) {
    const auto answer = strategy->ask(builder.history(), number, 1);
    const Values& values = answer->proposals[0].values;
    REQUIRE(spec.space.contains(values));
    builder.add(values, TrialState::completed,
                std::abs(std::get<double>(values[0]) - 0.6) + std::get<double>(values[1]));
  }
  double late = 0.0;
  for (std::size_t i = 30; i < 60; ++i) late += builder.history().finished(i).value / 30.0;
  CHECK(late < 0.35);  // by chance: 0.6
}

}  // namespace hpo
