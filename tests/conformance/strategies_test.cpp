// What every strategy of the house promises, checked for each of strategies.def on many spaces.
//
// A new strategy is found by itself; there is nothing to add here.
#include <catch2/catch.hpp>
#include <set>

#include "tests/conformance/strategies_rig.hpp"

namespace hpo {
namespace {

// What the trials up to that number told at rungs, times `sign`, that the builder has not yet.
void tell_up_to(int number, const History& history, double sign, HistoryBuilder& builder) {
  for (std::size_t i = builder.history().rung_value_count(); i < history.rung_value_count(); ++i) {
    const RungValue& value = history.rung_value(i);
    if (value.trial > number) return;
    builder.tell(value.trial, value.rung, sign * value.value);
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
      tell_up_to(history.finished(i).number, history, 1.0, builder);
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
      tell_up_to(history.finished(i).number, history, -1.0, negative);
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

}  // namespace hpo
