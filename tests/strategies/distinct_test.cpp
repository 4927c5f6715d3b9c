// No values twice without noise; exhausted when a finite space has none left.
#include "strategies/distinct.hpp"

#include <catch2/catch.hpp>
#include <set>

#include "tests/strategies/spaces.hpp"

namespace hpo {
namespace {

// The worst that the layer can meet: always the same values.
class Stubborn final : public Strategy {
 public:
  explicit Stubborn(Values values) : values_(std::move(values)) {}
  Result<Proposals> ask(const History&, int first_number, int count) override {
    Proposals answer;
    for (int i = 0; i < count; ++i) answer.proposals.push_back({first_number + i, values_});
    return answer;
  }

 private:
  Values values_;
};

StudySpec nine_values() {
  return study_of(space_of_domains({IntDomain{.low = 1, .high = 3},
      FixedDomain{word_value("x")}, FloatDomain{.low = 0.1, .high = 0.3, .step = 0.1}}),
      Noise::none);
}

const Values favourite{integer(2), word_value("x"), 0.2};

std::unique_ptr<Strategy> stubborn(const StudySpec& spec) {
  return make_distinct(spec, std::make_unique<Stubborn>(favourite));
}

}  // namespace

TEST_CASE("members of a batch differ from each other and from what was tried", "[distinct]") {
  const StudySpec spec = nine_values();
  HistoryBuilder builder(3);
  builder.add({integer(1), word_value("x"), 0.1}, TrialState::failed);
  builder.history().set_open({{.number = 1, .values = favourite}});
  const auto answer = stubborn(spec)->ask(builder.history(), 2, 7);
  REQUIRE(answer);
  CHECK_FALSE(answer->exhausted);
  REQUIRE(answer->proposals.size() == 7);
  std::set<Values> values{favourite, {integer(1), word_value("x"), 0.1}};
  for (const Proposal& proposal : answer->proposals) {
    CHECK(spec.space.contains(proposal.values));
    CHECK(values.insert(proposal.values).second);
  }
}

TEST_CASE("a first proposal of the inner strategy is kept as it is", "[distinct]") {
  const auto answer = stubborn(nine_values())->ask(History(3), 0, 1);
  REQUIRE(answer);
  CHECK(answer->proposals == std::vector<Proposal>{{0, favourite}});
}

TEST_CASE("fewer are proposed when fewer are left, then the space is exhausted", "[distinct]") {
  const StudySpec spec = nine_values();
  const auto strategy = stubborn(spec);
  const auto all = strategy->ask(History(3), 0, 100);
  REQUIRE(all);
  REQUIRE(all->proposals.size() == 9);
  CHECK_FALSE(all->exhausted);
  HistoryBuilder builder(3);
  for (std::size_t i = 0; i < 8; ++i) builder.add(all->proposals[i].values);
  const auto last = strategy->ask(builder.history(), 8, 4);
  REQUIRE(last);
  CHECK(last->proposals == std::vector<Proposal>{{8, all->proposals[8].values}});
  CHECK_FALSE(last->exhausted);
  builder.history().set_open({{.number = 8, .values = last->proposals[0].values}});
  const auto nothing = strategy->ask(builder.history(), 9, 4);
  REQUIRE(nothing);
  CHECK(nothing->proposals.empty());
  CHECK(nothing->exhausted);
}

TEST_CASE("values repeated in the history count once, and strangers not at all", "[distinct]") {
  HistoryBuilder builder(3);
  for (int i = 0; i < 9; ++i) builder.add(favourite);
  for (int i = 0; i < 9; ++i) builder.add({integer(50 + i), word_value("x"), 0.1});
  const auto answer = stubborn(nine_values())->ask(builder.history(), 18, 100);
  REQUIRE(answer);
  CHECK(answer->proposals.size() == 8);
  CHECK_FALSE(answer->exhausted);
}

TEST_CASE("a kept cache equals a rebuilt one, also when the history starts over", "[distinct]") {
  const StudySpec spec = nine_values();
  const auto kept = stubborn(spec);
  HistoryBuilder builder(3);
  for (int number = 0; number < 9; ++number) {
    const auto by_kept = kept->ask(builder.history(), number, 2);
    const auto by_fresh = stubborn(spec)->ask(builder.history(), number, 2);
    REQUIRE((by_kept && by_fresh));
    CHECK(by_kept->proposals == by_fresh->proposals);
    builder.add(by_kept->proposals.at(0).values);
  }
  CHECK(kept->ask(History(3), 0, 9)->proposals == stubborn(spec)->ask(History(3), 0, 9)->proposals);
}

TEST_CASE("a float domain of three doubles is exhausted after three trials", "[distinct]") {
  const StudySpec spec = study_of(
      space_of_domains({FloatDomain{.low = 1.0, .high = 1.0 + 0x1.0p-51}}), Noise::none);
  const auto strategy = make_distinct(spec, std::make_unique<Stubborn>(Values{1.0}));
  const auto answer = strategy->ask(History(1), 0, 10);
  REQUIRE(answer);
  REQUIRE(answer->proposals.size() == 3);
  HistoryBuilder builder(1);
  for (const Proposal& proposal : answer->proposals) builder.add(proposal.values);
  CHECK(strategy->ask(builder.history(), 3, 1)->exhausted);
}

TEST_CASE("values that differ only where they do not count are the same", "[distinct]") {
  const StudySpec spec = study_of(six_conditional_values(), Noise::none);
  const Values adam{word_value("adam"), Inactive{}};
  const auto strategy = make_distinct(spec, std::make_unique<Stubborn>(adam));
  HistoryBuilder builder(2);
  const auto answer = strategy->ask(builder.history(), 0, 100);
  REQUIRE(answer);
  REQUIRE(answer->proposals.size() == 6);
  std::set<Values> values;
  for (const Proposal& proposal : answer->proposals) {
    CHECK(spec.space.contains(proposal.values));
    CHECK(values.insert(proposal.values).second);
    builder.add(proposal.values);
  }
  CHECK(strategy->ask(builder.history(), 6, 1)->exhausted);
}

TEST_CASE("a conditional space that is too large to be listed is redrawn from", "[distinct]") {
  const StudySpec spec = study_of(conditional_space(), Noise::none);
  Values one(spec.space.size(), Inactive{});
  one[1] = word_value("adam");
  one[3] = 0.95;
  one[4] = integer(1);
  REQUIRE(spec.space.contains(one));
  const auto answer =
      make_distinct(spec, std::make_unique<Stubborn>(one))->ask(History(one.size()), 0, 50);
  REQUIRE(answer);
  std::set<Values> values;
  for (const Proposal& proposal : answer->proposals) {
    CHECK(spec.space.contains(proposal.values));
    values.insert(proposal.values);
  }
  CHECK(values.size() == 50);
}

}  // namespace hpo
