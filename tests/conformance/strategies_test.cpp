// What every strategy of the house promises, checked for each of strategies.def on many spaces.
//
// A new strategy is found by itself; there is nothing to add here.
#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <cmath>
#include <iostream>
#include <set>

#include "strategies/domain_values.hpp"
#include "strategies/random_bits.hpp"
#include "strategies/strategy.hpp"
#include "tests/strategies/spaces.hpp"

namespace hpo {
namespace {

constexpr int batch = 8;

struct NamedSpace {
  std::string name{};
  SearchSpace space{};
};

std::vector<Domain> one_of_each() {
  return {FloatDomain{.low = -1.0, .high = 1.0},
          FloatDomain{.low = 1e-6, .high = 1.0, .scale = Scale::log},
          FloatDomain{.low = 0.0, .high = 0.9, .step = 0.3}, IntDomain{.low = -5, .high = 5},
          IntDomain{.low = 1, .high = 4096, .scale = Scale::log},
          IntDomain{.low = 0, .high = 98, .step = 7},
          choice({word_value("adam"), word_value("sgd"), integer(3), 0.5, true}),
          ordinal({16.0, 32.0, 64.0}), BoolDomain{}, FixedDomain{word_value("fixed")}};
}

const std::vector<NamedSpace>& spaces() {
  constexpr std::int64_t int_max = SearchSpace::int_max;
  static const std::vector<NamedSpace> all{
      {"one float", space_of_domains({FloatDomain{}})},
      {"one of each", space_of_domains(one_of_each())},
      {"512 floats", space_of_domains(std::vector<Domain>(512, FloatDomain{}))},
      {"only one value", space_of_domains({FixedDomain{1.0}, IntDomain{.low = 2, .high = 2}})},
      {"one value beside a float", space_of_domains({choice({integer(1)}), FloatDomain{}})},
      {"huge integers", space_of_domains({IntDomain{.low = -int_max, .high = int_max},
          IntDomain{.low = 1, .high = int_max, .scale = Scale::log}})},
      {"two values", space_of_domains({BoolDomain{}})},
      {"six values", space_of_domains({BoolDomain{}, choice({integer(1), integer(2), 0.5})})},
      {"conditional", conditional_space()},
      {"six conditional values", six_conditional_values()},
      {"constrained", constrained_space({{.name = "x"}, {.name = "y"}}, {"x * x + y * y <= 0.1"})},
      {"constrained and conditional", constrained_space(conditional_space().parameters(),
          {"momentum * layers <= 1", "not (optimizer == 'lion' and units > 100)"})},
      {"a thin slice", constrained_space({{.name = "x"}, {.name = "y"}}, {"abs(x - y) < 1e-3"})},
      {"six of a hundred values", constrained_space(
          {{.name = "a", .domain = IntDomain{.low = 1, .high = 10}},
           {.name = "b", .domain = IntDomain{.low = 1, .high = 10}}}, {"a * b == 12 or a + b == 20 "
           "or a + b == 2"})},
      {"ten binary", space_of_domains(std::vector<Domain>(10, BoolDomain{}))}};
  return all;
}

// A history with everything that may happen to a trial, on values that the strategy proposed.
// Values tie, are constant, or reach the ends of what a double holds.
History mixed_history(Strategy& strategy, const SearchSpace& space, int trials) {
  constexpr TrialState states[] = {TrialState::completed, TrialState::pruned,
      TrialState::completed, TrialState::failed, TrialState::infeasible, TrialState::cancelled};
  constexpr double values[] = {1.0, 1.0, -1e308, 1e308, 0.0, 5e-324};
  HistoryBuilder builder(space.size());
  for (int number = 0; number < trials; ++number) {
    const auto answer = strategy.ask(builder.history(), number, 1);
    if (!answer || answer->proposals.empty()) break;
    const auto i = static_cast<std::size_t>(number) % std::size(states);
    builder.add(answer->proposals[0].values, states[i],
                states[i] == TrialState::completed ? values[i] : 0.0);
  }
  return builder.history();
}

std::unique_ptr<Strategy> make(const StrategyEntry& entry, const StudySpec& spec) {
  auto strategy = entry.make(spec);
  if (!strategy) FAIL(entry.name << ": " << strategy.error().what);
  return *std::move(strategy);
}

// A grid is finite by itself, and a float has no grid.
bool is_grid(const StrategyEntry& entry) { return entry.name == "grid"; }

bool has_grid(const SearchSpace& space) {
  double count = 1.0;
  for (const Parameter& p : space.parameters()) {
    const auto* d = std::get_if<FloatDomain>(&p.domain);
    if (d != nullptr && !d->step) return false;
    count *= static_cast<double>(last_index(p.domain)) + 1.0;
  }
  return count < 1e4;
}

template <class Check>
void for_every_pair(Noise noise, Check check) {
  for (const StrategyEntry& entry : strategies()) {
    for (const NamedSpace& named : spaces()) {
      if (is_grid(entry) && !has_grid(named.space)) continue;
      INFO("strategy " << entry.name << ", space: " << named.name);
      StudySpec spec = study_of(named.space, noise);
      spec.strategy.type = entry.name;
      check(entry, spec);
    }
  }
}

void check_answer(const Result<Proposals>& answer, const StudySpec& spec, int first, int count) {
  REQUIRE(answer);
  CHECK(answer->proposals.size() <= static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < answer->proposals.size(); ++i) {
    CHECK(answer->proposals[i].number == first + static_cast<int>(i));
    CHECK(spec.space.contains(answer->proposals[i].values));
  }
}

}  // namespace

TEST_CASE("proposals lie in the space, carry their numbers and are at most as many as asked",
          "[conformance]") {
  const Noise noise = GENERATE(Noise::none, Noise::low, Noise::high);
  for_every_pair(noise, [](const StrategyEntry& entry, const StudySpec& spec) {
    const auto strategy = make(entry, spec);
    const History empty(spec.space.size());
    for (const int count : {0, 1, batch}) {
      check_answer(strategy->ask(empty, 0, count), spec, 0, count);
    }
    check_answer(strategy->ask(empty, 1'000'000, batch), spec, 1'000'000, batch);
    const History history = mixed_history(*strategy, spec.space, 30);
    check_answer(strategy->ask(history, 30, batch), spec, 30, batch);
  });
}

TEST_CASE("by fits that lag behind a kept and a fresh object answer the same", "[conformance]") {
  for_every_pair(Noise::low, [](const StrategyEntry& entry, const StudySpec& spec) {
    const auto kept = make(entry, spec);
    if (!kept->fits_apart()) return;
    const History whole = mixed_history(*kept, spec.space, 40);
    for (const std::size_t fitted : {1U, 12U, 30U}) {
      History history = whole;
      if (history.finished_count() <= fitted) return;
      history.set_model_seq(history.finished(fitted).history_seq);
      const auto by_kept = kept->ask(history, 501, 3);
      const auto by_fresh = make(entry, spec)->ask(history, 501, 3);
      REQUIRE((by_kept && by_fresh));
      CHECK(by_kept->proposals == by_fresh->proposals);
    }
  });
}

TEST_CASE("the same arguments give the same answer, from a kept and from a fresh object",
          "[conformance]") {
  const Noise noise = GENERATE(Noise::none, Noise::low);
  for_every_pair(noise, [](const StrategyEntry& entry, const StudySpec& spec) {
    const auto kept = make(entry, spec);
    const History history = mixed_history(*kept, spec.space, 40);
    HistoryBuilder builder(spec.space.size());
    for (std::size_t i = 0; i < history.finished_count(); ++i) {
      const auto values = history.values(i);
      builder.add({values.begin(), values.end()}, history.finished(i).state,
                  history.finished(i).value);
      if (i % 7 != 0) continue;  // asks come at any length, and in between
      History now = builder.history();
      now.set_open({{.number = 500, .values = {values.begin(), values.end()}}});
      const auto by_kept = kept->ask(now, 501, 3);
      const auto by_fresh = make(entry, spec)->ask(now, 501, 3);
      REQUIRE((by_kept && by_fresh));
      CHECK(by_kept->proposals == by_fresh->proposals);
      CHECK(by_kept->exhausted == by_fresh->exhausted);
    }
    const auto again = kept->ask(History(spec.space.size()), 0, batch);
    const auto first = make(entry, spec)->ask(History(spec.space.size()), 0, batch);
    REQUIRE((again && first));
    CHECK(again->proposals == first->proposals);
  });
}

TEST_CASE("a maximum is searched for as the minimum of the negative is", "[conformance]") {
  for_every_pair(Noise::low, [](const StrategyEntry& entry, StudySpec spec) {
    const auto lower = make(entry, spec);
    const History history = mixed_history(*lower, spec.space, 40);
    HistoryBuilder negative(spec.space.size());
    for (std::size_t i = 0; i < history.finished_count(); ++i) {
      const auto values = history.values(i);
      negative.add({values.begin(), values.end()}, history.finished(i).state,
                   -history.finished(i).value);
    }
    spec.objective.direction = Direction::maximize;
    const auto expected = lower->ask(history, 40, batch);
    const auto found = make(entry, spec)->ask(negative.history(), 40, batch);
    REQUIRE((expected && found));
    CHECK(found->proposals == expected->proposals);
  });
}

TEST_CASE("histories of one kind only are survived", "[conformance]") {
  const TrialState state = GENERATE(TrialState::completed, TrialState::pruned,
      TrialState::infeasible, TrialState::failed, TrialState::cancelled);
  for_every_pair(Noise::low, [&](const StrategyEntry& entry, const StudySpec& spec) {
    const auto strategy = make(entry, spec);
    const auto values = strategy->ask(History(spec.space.size()), 0, batch);
    REQUIRE(values);
    HistoryBuilder builder(spec.space.size());
    for (int i = 0; i < 25; ++i) {  // repeated values with a constant result
      builder.add(values->proposals[static_cast<std::size_t>(i) % values->proposals.size()].values,
                  state, state == TrialState::completed ? 3.0 : 0.0);
    }
    check_answer(strategy->ask(builder.history(), 25, batch), spec, 25, batch);
  });
}

TEST_CASE("without noise no values are tried twice, and a finite space is exhausted",
          "[conformance]") {
  for_every_pair(Noise::none, [](const StrategyEntry& entry, const StudySpec& spec) {
    const auto strategy = make(entry, spec);
    HistoryBuilder builder(spec.space.size());
    std::set<Values> tried;
    Proposals answer;
    for (int number = 0; number < 200 && !answer.exhausted && tried.size() < 128;) {
      auto asked = strategy->ask(builder.history(), number, batch);
      REQUIRE(asked);
      answer = *std::move(asked);
      REQUIRE((answer.exhausted || !answer.proposals.empty()));
      for (const Proposal& proposal : answer.proposals) {
        REQUIRE(tried.insert(proposal.values).second);
        builder.add(proposal.values, TrialState::completed, 1.0);
      }
      number += static_cast<int>(answer.proposals.size());
      // Wide spaces never repeat by chance, and where much is forbidden each ask takes long.
      const bool is_plain = !spec.space.has_conditions() && spec.space.constraints().empty();
      if ((spec.space.size() > 100 || !is_plain) && number > 64) break;
    }
    if (answer.exhausted) CHECK(answer.proposals.empty());
    const bool is_small = spec.space.size() <= 2 && tried.size() <= 6;
    CHECK((is_small == answer.exhausted || is_grid(entry)));
  });
}

TEST_CASE("a finite space with noise is never exhausted, but by a grid", "[conformance]") {
  for_every_pair(Noise::low, [](const StrategyEntry& entry, const StudySpec& spec) {
    if (is_grid(entry)) return;
    const auto strategy = make(entry, spec);
    const History history = mixed_history(*strategy, spec.space, 40);
    CHECK(history.finished_count() == 40);
    const auto answer = strategy->ask(history, 40, 1);
    REQUIRE(answer);
    CHECK_FALSE(answer->exhausted);
  });
}

TEST_CASE("an option that a strategy does not know is refused with a remedy", "[conformance]") {
  for_every_pair(Noise::low, [](const StrategyEntry& entry, StudySpec spec) {
    spec.strategy.options["no_such_option"] = integer(1);
    const auto refused = entry.make(spec);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::invalid_argument);
    CHECK_FALSE(refused.error().remedy.empty());
  });
}

// It is another name of one of those above, whose promises it shares.
TEST_CASE("auto answers in every space as the strategy that it stands for", "[conformance]") {
  const auto [trials, parallel] = GENERATE(table<int, int>({{100, 4}, {8, 8}, {6000, 4}}));
  const Noise noise = GENERATE(Noise::none, Noise::low, Noise::high);
  for (const NamedSpace& named : spaces()) {
    INFO("space: " << named.name << ", trials: " << trials << ", noise: " << word(noise));
    StudySpec spec = study_of(named.space, noise);
    spec.budget.trials = trials;
    spec.parallel = parallel;
    spec.strategy.type = "auto";
    const auto by_auto = make_strategy(spec);
    REQUIRE(by_auto);
    const auto answer = (*by_auto)->ask(History(spec.space.size()), 0, batch);
    check_answer(answer, spec, 0, batch);
    CHECK_FALSE(answer->proposals.empty());
    spec.strategy.type = find_strategy(spec)->name;
    const auto same = (*make_strategy(spec))->ask(History(spec.space.size()), 0, batch);
    REQUIRE(same);
    CHECK(answer->proposals == same->proposals);
  }
}

// For reading, not for judging: the machine decides. CPU and load differ between machines.
TEST_CASE("the time of one suggestion is printed", "[conformance]") {
  for (const StrategyEntry& entry : strategies()) {
    if (is_grid(entry)) continue;
    StudySpec spec = study_of(space_of_domains(std::vector<Domain>(10, FloatDomain{})));
    for (const Noise noise : {Noise::low, Noise::none}) {
      spec.objective.noise = noise;
      const auto strategy = make(entry, spec);
      const auto random = make(strategies().front(), spec);
      const History history = mixed_history(*random, spec.space, 300);
      REQUIRE(strategy->ask(history, 300, 1));  // whoever has a model makes it here
      std::vector<double> microseconds;
      for (int number = 301; number < 322; ++number) {
        const auto start = std::chrono::steady_clock::now();
        REQUIRE(strategy->ask(history, number, 1));
        const std::chrono::duration<double, std::micro> took =
            std::chrono::steady_clock::now() - start;
        microseconds.push_back(took.count());
      }
      std::nth_element(microseconds.begin(), microseconds.begin() + 10, microseconds.end());
      std::cout << "suggestion p50 strategy=" << entry.name << " noise=" << word(noise)
                << " dimension=10 history=300 us=" << microseconds[10] << "\n";
    }
  }
}

}  // namespace hpo
