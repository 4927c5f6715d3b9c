// What is recommended is a trial that does well on average, not one that was lucky.
#include "strategies/recommender.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "strategies/strategy.hpp"
#include "tests/strategies/spaces.hpp"

namespace hpo {
namespace {

constexpr double noisy_x[] = {0.1, 0.1, 0.3, 0.3, 0.4, 0.4, 0.5, 0.5, 0.7, 0.7, 0.9, 0.9};
constexpr double noisy_y[] = {9.5, 8.0, 5.6, 4.0, 4.1, 3.2, 5.4, 7.1, 2.6, 9.4, 15.0, 17.0};

StudySpec noisy_study(Direction direction = Direction::minimize) {
  StudySpec spec = study_of(space_of_domains({FloatDomain{}}), Noise::high);
  spec.objective.direction = direction;
  return spec;
}

History noisy_history(double sign = 1.0) {
  HistoryBuilder builder(1);
  for (std::size_t i = 0; i < std::size(noisy_x); ++i) {
    builder.add({noisy_x[i]}, TrialState::completed, sign * noisy_y[i]);
  }
  return builder.history();
}

std::optional<Recommendation> recommended(const StudySpec& spec, const History& history) {
  return make_recommender(spec)->recommend(history);
}

}  // namespace

// By tests/strategies/gp/reference.py. The least value was that of trial 8.
TEST_CASE("a lucky value is not recommended, but what does well on average", "[recommender]") {
  const auto found = recommended(noisy_study(), noisy_history());
  REQUIRE(found);
  CHECK(found->trial == 4);
  CHECK(found->value == Approx(4.4703).epsilon(0.01));
}

TEST_CASE("to maximise is to minimise with the other sign", "[recommender]") {
  const auto found = recommended(noisy_study(Direction::maximize), noisy_history(-1.0));
  const auto other = recommended(noisy_study(), noisy_history());
  REQUIRE((found && other));
  CHECK(found->trial == other->trial);
  CHECK(found->value == -other->value);
}

TEST_CASE("without a completed trial, or without a parameter, nothing is recommended",
          "[recommender]") {
  HistoryBuilder builder(1);
  CHECK_FALSE(recommended(noisy_study(), builder.history()));
  builder.add({0.5}, TrialState::pruned);
  builder.add({0.6}, TrialState::failed);
  CHECK_FALSE(recommended(noisy_study(), builder.history()));
  builder.add({0.7}, TrialState::completed, 2.0);
  CHECK(recommended(noisy_study(), builder.history()) == Recommendation{2, 2.0});
  const StudySpec fixed = study_of(space_of_domains({FixedDomain{0.7}}), Noise::high);
  CHECK_FALSE(recommended(fixed, builder.history()));
}

TEST_CASE("of equal values and of equal trials the first is recommended", "[recommender]") {
  HistoryBuilder builder(1);
  for (const double x : {0.2, 0.2, 0.6, 0.6}) builder.add({x}, TrialState::completed, 3.0);
  CHECK(recommended(noisy_study(), builder.history()) == Recommendation{0, 3.0});
}

TEST_CASE("a kept recommender and a fresh one agree, and values of any size are survived",
          "[recommender]") {
  StudySpec spec = study_of(conditional_space(), Noise::high);
  spec.strategy.type = "random";
  const auto random = *make_strategy(spec);
  const auto kept = make_recommender(spec);
  constexpr double values[] = {1.0, -1e308, 1e308, 1.0, 5e-324, 0.0};
  constexpr TrialState states[] = {TrialState::completed, TrialState::completed,
      TrialState::pruned, TrialState::completed, TrialState::failed};
  HistoryBuilder builder(spec.space.size());
  for (int number = 0; number < 40; ++number) {
    const auto index = static_cast<std::size_t>(number);
    const TrialState state = states[index % std::size(states)];
    const Values proposed = random->ask(builder.history(), number, 1)->proposals.at(0).values;
    builder.add(proposed, state, values[index % std::size(values)]);
    if (number % 3 != 0) continue;
    const auto found = kept->recommend(builder.history());
    REQUIRE(found);
    CHECK(std::isfinite(found->value));
    const auto trial = static_cast<std::size_t>(found->trial);
    CHECK(builder.history().finished(trial).state == TrialState::completed);
    CHECK(found == recommended(spec, builder.history()));
  }
}

}  // namespace hpo
