// The strategy `gp`: where it goes, what it takes for good, and what it avoids.
#include <catch2/catch.hpp>
#include <cmath>
#include <set>

#include "strategies/strategy.hpp"
#include "tests/strategies/spaces.hpp"

namespace hpo {
namespace {

StudySpec gp_spec(const std::vector<Domain>& domains, std::uint64_t seed = 3) {
  StudySpec spec = study_of(space_of_domains(domains));
  spec.strategy.type = "gp";
  spec.seed = seed;
  return spec;
}

// The least distance² to (0.3, 0.5, 0.7, …) of so many trials, one after the other.
double regret(const StudySpec& spec, int trials) {
  const auto strategy = *make_strategy(spec);
  HistoryBuilder builder(spec.space.size());
  double best = 1e9;
  for (int number = 0; number < trials; ++number) {
    const auto answer = strategy->ask(builder.history(), number, 1);
    double sum = 0.0;
    for (std::size_t i = 0; i < spec.space.size(); ++i) {
      const double wanted = 0.3 + 0.2 * static_cast<double>(i % 3);
      sum += std::pow(std::get<double>(answer->proposals[0].values[i]) - wanted, 2);
    }
    best = std::min(best, sum);
    const bool is_minimum = spec.objective.direction == Direction::minimize;
    builder.add(answer->proposals[0].values, TrialState::completed, is_minimum ? sum : -sum);
  }
  return best;
}

// A finished line of trials, the left the better; those left of `edge` end in `state`.
HistoryBuilder line(TrialState state, double edge) {
  HistoryBuilder builder(1);
  for (int i = 0; i < 30; ++i) {
    const double x = (i + 0.5) / 30.0;
    const bool is_completed = x >= edge || state == TrialState::completed;
    builder.add({x}, x < edge ? state : TrialState::completed, is_completed ? x : 0.0);
  }
  return builder;
}

int proposals_below(double edge, const HistoryBuilder& told) {
  const auto strategy = *make_strategy(gp_spec({FloatDomain{}}));
  HistoryBuilder builder = told;
  const auto answer = strategy->ask(builder.history(), 100, 10);
  int found = 0;
  for (const Proposal& each : answer->proposals) {
    found += std::get<double>(each.values[0]) < edge ? 1 : 0;
  }
  return found;
}

}  // namespace

TEST_CASE("gp comes much nearer to an optimum than tpe, in both directions", "[gp]") {
  StudySpec spec = gp_spec(std::vector<Domain>(4, FloatDomain{}));
  spec.objective.direction = GENERATE(Direction::minimize, Direction::maximize);
  double by_gp = 0.0;
  double by_tpe = 0.0;
  for (spec.seed = 1; spec.seed <= 3; ++spec.seed) {
    spec.strategy.type = "gp";
    by_gp += std::log(regret(spec, 40));
    spec.strategy.type = "tpe";
    by_tpe += std::log(regret(spec, 40));
  }
  CHECK(by_gp / 3 < by_tpe / 3 - std::log(10.0));
}

TEST_CASE("fits that another object made are those that an ask would make itself", "[gp]") {
  const StudySpec spec = gp_spec(std::vector<Domain>(3, FloatDomain{}));
  const auto guide = *make_strategy(spec);
  HistoryBuilder builder(3);
  std::shared_ptr<const Strategy::Fits> fits;
  std::int64_t fitted = 0;
  for (int number = 0; number < 45; ++number) {
    const Values values = guide->ask(builder.history(), number, 1)->proposals[0].values;
    const bool fails = number % 7 == 3;  // so that both models have fits
    builder.add(values, fails ? TrialState::failed : TrialState::completed,
                fails ? 0.0 : std::get<double>(values[0]));
    if (number != 34) continue;
    fits = (*make_strategy(spec))->fit(builder.history());
    fitted = builder.history().history_seq();
  }
  History history = builder.history();
  CHECK(fits->history_seq == fitted);
  history.set_model_seq(fitted);
  const auto alone = (*make_strategy(spec))->ask(history, 45, 3);
  const auto helped = *make_strategy(spec);
  helped->take(fits);
  CHECK(helped->ask(history, 45, 3)->proposals == alone->proposals);
  CHECK(helped->is_fit_due(history));  // ten trials later, and it did not make that fit itself
  CHECK(guide->ask(history, 45, 3)->proposals == alone->proposals);  // though it has newer fits
  history.set_model_seq(0);
  CHECK(helped->ask(history, 45, 3)->proposals != alone->proposals);
  CHECK_FALSE(helped->is_fit_due(history));
}

TEST_CASE("gp begins as sobol does", "[gp]") {
  StudySpec spec = gp_spec(std::vector<Domain>(5, FloatDomain{}));
  const auto first = (*make_strategy(spec))->ask(History(5), 0, 10);
  spec.strategy.type = "sobol";
  CHECK(first->proposals == (*make_strategy(spec))->ask(History(5), 0, 10)->proposals);
}

TEST_CASE("a batch of gp avoids its own members as it avoids open trials", "[gp]") {
  StudySpec spec = gp_spec({FloatDomain{}, IntDomain{.low = 0, .high = 9}});
  spec.strategy.options["pending"] = word_value(GENERATE("ucb_pe", "kriging_believer"));
  const auto strategy = *make_strategy(spec);
  HistoryBuilder builder(2);
  for (int i = 0; i < 20; ++i) {
    builder.add({i / 20.0, integer(i / 2)}, TrialState::completed, std::abs(i - 7.0));
  }
  const auto batch = strategy->ask(builder.history(), 20, 4);
  REQUIRE(batch->proposals.size() == 4);
  std::set<Values> distinct;
  std::vector<OpenTrial> open;
  for (const Proposal& each : batch->proposals) {
    CHECK(distinct.insert(each.values).second);
    if (open.size() < 3) open.push_back({each.number, each.values});
  }
  builder.history().set_open(open);
  CHECK(strategy->ask(builder.history(), 23, 1)->proposals[0] == batch->proposals[3]);
}

TEST_CASE("hundreds of open trials are avoided one and all, in a batch as one by one", "[gp]") {
  const StudySpec spec = gp_spec({FloatDomain{}, FloatDomain{}});
  HistoryBuilder builder(2);
  std::vector<OpenTrial> open;
  std::set<Values> distinct;
  for (int i = 0; i < 220; ++i) {
    const Values values{std::fmod(i * 0.618034, 1.0), std::fmod(i * 0.754878, 1.0)};
    distinct.insert(values);
    if (i >= 20) open.push_back({i, values});
    else builder.add(values, TrialState::completed, std::abs(i - 7.0));
  }
  builder.history().set_open(open);
  const auto batch = (*make_strategy(spec))->ask(builder.history(), 220, 40);
  for (const Proposal& each : batch->proposals) {
    CHECK(distinct.insert(each.values).second);
    if (each.number < 259) open.push_back({each.number, each.values});
  }
  builder.history().set_open(open);
  const auto last = (*make_strategy(spec))->ask(builder.history(), 259, 1);
  CHECK(last->proposals[0] == batch->proposals[39]);
}

TEST_CASE("gp leaves where trainings fail, and learns nothing of what was cancelled", "[gp]") {
  CHECK(proposals_below(1.0 / 3, line(TrialState::completed, 1.0 / 3)) >= 8);
  CHECK(proposals_below(0.3, line(TrialState::failed, 1.0 / 3)) <= 4);
  CHECK(proposals_below(0.3, line(TrialState::infeasible, 1.0 / 3)) <= 4);
  CHECK(proposals_below(1.0 / 3, line(TrialState::cancelled, 1.0 / 3)) >= 8);
}

TEST_CASE("gp finds a best that lies beside where trainings fail, and fails in few", "[gp]") {
  const StudySpec spec = gp_spec({FloatDomain{}, FloatDomain{}}, GENERATE(1U, 2U, 3U));
  const auto strategy = *make_strategy(spec);
  HistoryBuilder builder(2);
  double best = 1e9;
  int failed = 0;
  for (int number = 0; number < 60; ++number) {
    const Values values = strategy->ask(builder.history(), number, 1)->proposals[0].values;
    const double x = std::get<double>(values[0]);
    const double y = std::get<double>(values[1]);
    const double value = std::pow(x - 0.4, 2) + 2 * std::pow(y - 0.65, 2);
    const bool fails = y > 0.7;
    builder.add(values, fails ? TrialState::failed : TrialState::completed, fails ? 0.0 : value);
    failed += fails ? 1 : 0;
    if (!fails) best = std::min(best, value);
  }
  CHECK(best < 5e-4);
  CHECK(failed < 25);
}

TEST_CASE("gp finds the best of a small space without trying a value twice", "[gp]") {
  StudySpec spec = gp_spec({IntDomain{.low = 0, .high = 9}, choice({integer(0), integer(1), 0.5})});
  spec.objective.noise = GENERATE(Noise::none, Noise::low);
  const auto strategy = *make_strategy(spec);
  HistoryBuilder builder(2);
  std::set<Values> tried;
  for (int number = 0; number < 25; ++number) {
    const Values values = strategy->ask(builder.history(), number, 1)->proposals[0].values;
    const bool is_new = tried.insert(values).second;
    if (number >= 10) CHECK(is_new);  // the first ones are a sequence's
    const double x = static_cast<double>(std::get<std::int64_t>(values[0]));
    const double other_choice = values[1] == ParamValue{0.5} ? 0.0 : 1.0;
    builder.add(values, TrialState::completed, std::abs(x - 6) + other_choice);
  }
  CHECK(tried.contains({integer(6), 0.5}));
}

TEST_CASE("an unknown way with open trials is refused with the known ones", "[gp]") {
  StudySpec spec = gp_spec({FloatDomain{}});
  spec.strategy.options["pending"] = GENERATE(word_value("liar"), integer(3));
  const auto refused = make_strategy(spec);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().where == "study.json /strategy/options/pending");
  CHECK(refused.error().remedy.find("kriging_believer") != std::string::npos);
}

}  // namespace hpo
