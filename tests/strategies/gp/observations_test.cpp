// What each end and each report of a trial is to a model, in which order, at which level.
#include "strategies/gp/observations.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "tests/strategies/spaces.hpp"

namespace hpo::gp {
namespace {

using Kind = Observation::Kind;

// What is told since the last call.
std::vector<Observation> read(Observations& observations, const History& history) {
  std::vector<Observation> seen;
  REQUIRE(observations.read(history, [&](const Observation& each) { seen.push_back(each); }));
  return seen;
}

std::vector<Observation> read_all(const HistoryBuilder& builder, std::size_t rungs) {
  HistoryBuilder copy = builder;
  Observations observations(rungs);
  return read(observations, copy.history());
}

}  // namespace

TEST_CASE("a stopped trial is known by what it told at its rungs, never by a final value", "[gp]") {
  HistoryBuilder builder(1);
  builder.tell(0, 0, 5.0);
  builder.tell(0, 1, 4.0);
  builder.add(0, {0.1}, TrialState::pruned, 77.0);
  const auto seen = read_all(builder, 3);
  REQUIRE(seen.size() == 3);
  CHECK(seen[2].kind == Kind::told);
  CHECK(seen[2].is_end);
  for (std::size_t i : {0U, 1U}) {
    CHECK_FALSE(seen[i].is_end);
    CHECK(seen[i].kind == Kind::value);
    CHECK(seen[i].level == i);
    CHECK(seen[i].value == 5.0 - static_cast<double>(i));
    CHECK(std::get<double>(seen[i].values[0]) == 0.1);
  }
  CHECK(read_all(builder, 0).size() == 1);  // without rungs only that it was stopped
  CHECK(read_all(builder, 0)[0].kind == Kind::bad);
}

TEST_CASE("each end is told once, whatever was told before", "[gp]") {
  const auto [state, told, kind, level] =
      GENERATE(table<TrialState, int, Kind, std::size_t>({
          {TrialState::completed, 1, Kind::value, 3}, {TrialState::pruned, 0, Kind::bad, 0},
          {TrialState::failed, 0, Kind::none, 0}, {TrialState::failed, 2, Kind::none, 0},
          {TrialState::infeasible, 3, Kind::none, 0}}));
  HistoryBuilder builder(1);
  for (int rung = 0; rung < told; ++rung) builder.tell(0, rung, 1.0);
  builder.add(0, {0.5}, state, 2.0);
  const auto seen = read_all(builder, 3);
  REQUIRE(seen.size() == static_cast<std::size_t>(told) + 1);
  CHECK(seen.back().kind == kind);
  CHECK(seen.back().level == level);
  if (kind == Kind::value) CHECK(seen.back().value == 2.0);
}

TEST_CASE("what was cancelled says nothing, and no number is a bad one", "[gp]") {
  HistoryBuilder builder(1);
  builder.tell(0, 0, NAN);
  builder.add(0, {0.5}, TrialState::cancelled, 0.0);
  const auto seen = read_all(builder, 2);
  REQUIRE(seen.size() == 1);
  CHECK(seen[0].kind == Kind::bad);
}

TEST_CASE("a report that reaches several rungs is a value of the highest", "[gp]") {
  History history(1);
  for (int rung = 0; rung < 3; ++rung) {
    history.append(RungValue{.trial = 4, .rung = rung, .value = 1.0, .history_seq = 9});
  }
  history.set_open({{.number = 4, .values = {0.5}}});
  Observations observations(3);
  const auto seen = read(observations, history);
  REQUIRE(seen.size() == 1);
  CHECK(seen[0].level == 2);
  CHECK(observations.level_of(4) == 2);
  CHECK(observations.events() == 3);
}

TEST_CASE("reports and ends come in the order of history_seq, each once", "[gp]") {
  HistoryBuilder builder(1);
  Observations observations(2);
  std::vector<int> trials;
  const auto go_on = [&] {
    for (const Observation& each : read(observations, builder.history())) {
      trials.push_back(each.trial);
    }
  };
  builder.tell(1, 0, 1.0);
  builder.add(0, {0.0}, TrialState::completed, 1.0);
  builder.history().set_open({{.number = 1, .values = {0.1}}});
  go_on();
  go_on();
  builder.tell(1, 1, 1.0);
  builder.add(2, {0.2}, TrialState::failed, 0.0);
  builder.add(1, {0.1}, TrialState::pruned, 0.0);
  go_on();
  CHECK(trials == std::vector{1, 0, 1, 2, 1});
  CHECK(observations.events() == 5);
  builder.history().set_model_seq(2);
  CHECK(observations.model_events(builder.history()) == 2);
}

TEST_CASE("a history that does not continue the last one is not read", "[gp]") {
  HistoryBuilder builder(1);
  builder.add({0.1}, TrialState::completed, 1.0);
  Observations observations(2);
  read(observations, builder.history());
  const auto nothing = [](const Observation&) { FAIL("it was told something"); };
  CHECK_FALSE(observations.read(History(1), nothing));
  SECTION("of a report whose trial is not known yet, a longer one is read anew") {
    builder.tell(8, 0, 1.0);
    CHECK(read(observations, builder.history()).empty());
    builder.add(8, {0.8}, TrialState::pruned, 0.0);
    CHECK_FALSE(observations.read(builder.history(), nothing));
  }
}

}  // namespace hpo::gp
