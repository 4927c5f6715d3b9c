// The strategy `cma_es` as a whole: how many trials it needs, and what order and loss may do.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <span>

#include "strategies/random_bits.hpp"
#include "strategies/strategy.hpp"
#include "tests/strategies/spaces.hpp"

namespace hpo {
namespace {

using Function = std::function<double(const std::vector<double>&)>;

constexpr double target_loss = 1e-9;
constexpr int table_runs = 41;

StudySpec cma_spec(SearchSpace space, std::uint64_t seed) {
  StudySpec spec = study_of(std::move(space));
  spec.strategy.type = "cma_es";
  spec.seed = seed;
  return spec;
}

SearchSpace box(std::size_t dimension, double low, double high) {
  return space_of_domains(
      std::vector<Domain>(dimension, FloatDomain{.low = low, .high = high}));
}

std::vector<double> numbers(const Values& values) {
  std::vector<double> x;
  for (const ParamValue& value : values) x.push_back(std::get<double>(value));
  return x;
}

double sphere(const std::vector<double>& x) {
  double sum = 0.0;
  for (const double each : x) sum += each * each;
  return sum;
}

double ellipsoid(const std::vector<double>& x) {
  double sum = 0.0;
  const double last = static_cast<double>(x.size() - 1);
  for (std::size_t i = 0; i < x.size(); ++i) {
    sum += std::pow(10.0, 6.0 * static_cast<double>(i) / last) * x[i] * x[i];
  }
  return sum;
}

double rosenbrock(const std::vector<double>& x) {
  double sum = 0.0;
  for (std::size_t i = 0; i + 1 < x.size(); ++i) {
    sum += 100.0 * std::pow(x[i + 1] - x[i] * x[i], 2) + std::pow(1.0 - x[i], 2);
  }
  return sum;
}

double rastrigin(const std::vector<double>& x) {
  double sum = 0.0;
  for (const double each : x) {
    sum += each * each + 10.0 - 10.0 * std::cos(6.283185307179586 * each);
  }
  return sum;
}

// Trials one after the other until one is at the target, or so many.
int trials_to_target(const StudySpec& spec, const Function& f, int trials_max) {
  const auto strategy = *make_strategy(spec);
  HistoryBuilder builder(spec.space.size());
  const bool is_minimum = spec.objective.direction == Direction::minimize;
  for (int number = 0; number < trials_max; ++number) {
    const auto answer = strategy->ask(builder.history(), number, 1);
    REQUIRE(answer);
    const double value = f(numbers(answer->proposals[0].values));
    if (value <= target_loss) return number + 1;
    builder.add(answer->proposals[0].values, TrialState::completed, is_minimum ? value : -value);
  }
  return trials_max;
}

int median_trials(const SearchSpace& space, double sigma0, const Function& f) {
  std::vector<int> trials;
  for (std::uint64_t seed = 1; seed <= table_runs; ++seed) {
    StudySpec spec = cma_spec(space, seed);
    spec.strategy.options["sigma0"] = sigma0;
    trials.push_back(trials_to_target(spec, f, 20'000));
  }
  std::nth_element(trials.begin(), trials.begin() + table_runs / 2, trials.end());
  return trials[table_runs / 2];
}

}  // namespace

// Medians of the reference implementation `cmaes` 0.13.1 from the same starts: of 11 runs, and of
// 41 on Rosenbrock's function, where they differ more.
TEST_CASE("it needs as many trials as the reference implementation", "[cma]") {
  CHECK(median_trials(box(10, -7.0, 13.0), 0.05, sphere) == Approx(1670).epsilon(0.05));
  CHECK(median_trials(box(10, -7.0, 13.0), 0.05, ellipsoid) == Approx(4471).epsilon(0.05));
  CHECK(median_trials(box(10, -10.0, 10.0), 0.025, rosenbrock) == Approx(5204).epsilon(0.05));
}

TEST_CASE("maximising is minimising the negative", "[cma]") {
  StudySpec spec = cma_spec(box(3, -2.0, 1.0), 5);
  const int down = trials_to_target(spec, sphere, 2'000);
  spec.objective.direction = Direction::maximize;
  CHECK(trials_to_target(spec, sphere, 2'000) == down);
  CHECK(down < 600);
}

TEST_CASE("an optimum on a bound is found", "[cma]") {
  const auto distance = [](const std::vector<double>& x) {
    return std::abs(x[0]) + 100.0 * std::abs(1.0 - x[1]) + std::abs(x[2] - 0.3);
  };
  const StudySpec spec = cma_spec(box(3, 0.0, 1.0), 3);
  CHECK(trials_to_target(spec, distance, 3'000) < 3'000);
}

TEST_CASE("above 50 dimensions it still converges", "[cma]") {
  const StudySpec spec = cma_spec(box(60, -7.0, 13.0), 1);
  CHECK(trials_to_target(spec, ellipsoid, 60'000) < 60'000);
}

TEST_CASE("restarts get out of local optima", "[cma]") {
  const std::string rule = GENERATE("ipop", "bipop");
  StudySpec spec = cma_spec(box(3, -4.2, 5.1), 2);
  spec.strategy.options["restarts"] = rule;
  CHECK(trials_to_target(spec, rastrigin, 30'000) < 30'000);
}

TEST_CASE("results in any order, failures and trials that never end do not stop it", "[cma]") {
  const StudySpec spec = cma_spec(box(4, -3.0, 2.0), 4);
  const auto strategy = *make_strategy(spec);
  HistoryBuilder builder(4);
  std::vector<OpenTrial> open;
  double best = 1e9;
  std::uint64_t draw = 0;
  const auto unit = [&] { return random_unit({.seed = 99, .trial = draw++}); };
  for (int number = 0; number < 2'500; ++number) {
    builder.history().set_open(open);
    const auto answer = strategy->ask(builder.history(), number, 1);
    REQUIRE(answer->proposals.size() == 1);
    open.push_back({number, answer->proposals[0].values});
    if (number % 100 == 50 || open.size() < 24) continue;  // one in a hundred is never heard of
    const auto which = static_cast<std::size_t>(unit() * static_cast<double>(open.size()));
    const OpenTrial ended = open[which];
    if (ended.number % 100 == 50) continue;
    open.erase(open.begin() + static_cast<long>(which));
    const double value = sphere(numbers(ended.values));
    const bool is_failed = unit() < 0.1;
    builder.add(ended.number, ended.values, is_failed ? TrialState::failed : TrialState::completed,
                is_failed ? 0.0 : value);
    if (!is_failed) best = std::min(best, value);
  }
  CHECK(best < target_loss);
  const auto fresh = (*make_strategy(spec))->ask(builder.history(), 9'000, 8);
  CHECK(strategy->ask(builder.history(), 9'000, 8)->proposals == fresh->proposals);
}

TEST_CASE("with many trials in flight the population is as large, and the search converges",
          "[cma]") {
  StudySpec spec = cma_spec(box(3, -3.0, 2.0), 4);
  const auto distinct_means = [&](int results) {
    const auto strategy = *make_strategy(spec);
    HistoryBuilder builder(3);
    const auto before = strategy->ask(builder.history(), 1'000, 1)->proposals;
    for (int i = 0; i < results; ++i) {
      const Values values = strategy->ask(builder.history(), i, 1)->proposals[0].values;
      builder.add(values, TrialState::completed, sphere(numbers(values)));
    }
    return strategy->ask(builder.history(), 1'000, 1)->proposals != before;
  };
  CHECK(distinct_means(7));  // 4 + 3 ln 3
  spec.parallel = 32;
  CHECK_FALSE(distinct_means(31));
  CHECK(distinct_means(32));
}

TEST_CASE("what an earlier run drew does not pull the present one back", "[cma]") {
  const StudySpec spec = cma_spec(box(1, 0.0, 1.0), 2);  // a population of 4, then of 8
  const auto strategy = *make_strategy(spec);
  HistoryBuilder builder(1);
  const auto tell = [&](int first, int count) {
    for (int number = first; number < first + count; ++number) {
      const Values values = strategy->ask(builder.history(), number, 1)->proposals[0].values;
      builder.add(values, TrialState::completed, 1.0);
    }
  };
  tell(0, 60);
  const auto stragglers = strategy->ask(builder.history(), 1'000, 20);
  tell(60, 12);  // 18 generations of the same value: it starts anew
  const auto before = strategy->ask(builder.history(), 5'000, 1)->proposals;
  for (const Proposal& each : stragglers->proposals) {
    builder.add(each.number, each.values, TrialState::completed, 0.0);
  }
  CHECK(strategy->ask(builder.history(), 5'000, 1)->proposals == before);
  for (int number = 2'000; number < 2'008; ++number) {  // its own, of all different values
    const Values values = strategy->ask(builder.history(), number, 1)->proposals[0].values;
    builder.add(number, values, TrialState::completed, number);
  }
  CHECK(strategy->ask(builder.history(), 5'000, 1)->proposals != before);
}

TEST_CASE("failed and cancelled trials teach nothing", "[cma]") {
  const StudySpec spec = cma_spec(box(2, 0.0, 1.0), 6);
  const auto strategy = *make_strategy(spec);
  const auto before = strategy->ask(History(2), 100, 4);
  HistoryBuilder builder(2);
  for (int i = 0; i < 50; ++i) {
    builder.add({0.1, 0.1}, i % 2 == 0 ? TrialState::failed : TrialState::cancelled);
  }
  CHECK(strategy->ask(builder.history(), 100, 4)->proposals == before->proposals);
}

TEST_CASE("a warm start begins as sobol does, and then searches around the best", "[cma]") {
  StudySpec spec = cma_spec(box(2, 0.0, 1.0), 8);
  spec.strategy.options["warm_start"] = std::int64_t{40};
  const auto strategy = *make_strategy(spec);
  StudySpec sobol = spec;
  sobol.strategy = {.type = "sobol"};
  CHECK(strategy->ask(History(2), 0, 40)->proposals ==
        (*make_strategy(sobol))->ask(History(2), 0, 40)->proposals);
  HistoryBuilder builder(2);
  for (int i = 0; i < 40; ++i) {
    const auto values = strategy->ask(builder.history(), i, 1)->proposals[0].values;
    const std::vector<double> x = numbers(values);
    builder.add(values, TrialState::completed, std::hypot(x[0] - 0.8, x[1] - 0.2));
  }
  double distance = 0.0;
  const auto next = strategy->ask(builder.history(), 40, 50);
  for (const Proposal& each : next->proposals) {
    const std::vector<double> x = numbers(each.values);
    distance += std::hypot(x[0] - 0.8, x[1] - 0.2) / 50.0;
  }
  CHECK(distance < 0.25);  // 0.55 if they were anywhere
}

// The function that Hamano et al. (2025) begin with, but the floats weigh so much that the
// distribution is narrow before the integers are right: without the margin five runs stay there.
TEST_CASE("numbers, integers and choices are found together", "[cma]") {
  std::vector<Domain> domains(3, FloatDomain{.low = -5.0, .high = 5.0});
  for (int i = 0; i < 3; ++i) domains.push_back(IntDomain{.low = -5, .high = 5});
  for (int i = 0; i < 3; ++i) {
    domains.push_back(choice({integer(0), integer(1), integer(2), integer(3), integer(4)}));
  }
  const auto loss_of = [](const Values& values) {
    double loss = 0.0;
    for (const ParamValue& value : std::span(values).first(3)) {
      loss += 1e4 * std::pow(std::get<double>(value), 2);
    }
    for (const ParamValue& value : std::span(values).subspan(3, 3)) {
      loss += std::pow(static_cast<double>(std::get<std::int64_t>(value)), 2);
    }
    for (const ParamValue& value : std::span(values).last(3)) loss += value != integer(0) ? 1 : 0;
    return loss;
  };
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    const auto strategy = *make_strategy(cma_spec(space_of_domains(domains), seed));
    HistoryBuilder builder(domains.size());
    double best = 1e9;
    int number = 0;
    for (; number < 3'000 && best > target_loss; ++number) {
      const Values values = strategy->ask(builder.history(), number, 1)->proposals[0].values;
      builder.add(values, TrialState::completed, loss_of(values));
      best = std::min(best, loss_of(values));
    }
    INFO("seed " << seed << ", trials " << number);
    CHECK(best <= target_loss);
  }
}

TEST_CASE("options out of range are refused with the range", "[cma]") {
  const auto [name, value, remedy] = GENERATE(table<std::string, ParamValue, std::string>({
      {"sigma0", 0.0, "it takes a number from 0.001 to 1.0"},
      {"population", integer(3), "it takes an integer from 4 to 10000"},
      {"population", 4.5, "it takes an integer from 4 to 10000"},
      {"restarts", word_value("often"), "it takes one of: ipop, bipop"}}));
  StudySpec spec = cma_spec(box(2, 0.0, 1.0), 1);
  spec.strategy.options[name] = value;
  const auto refused = make_strategy(spec);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().remedy == remedy);
  CHECK(refused.error().where == "study.json /strategy/options/" + name);
}

}  // namespace hpo
