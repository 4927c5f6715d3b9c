// Grid: every combination once, in order, and then the end.
#include <catch2/catch.hpp>

#include "strategies/strategy.hpp"
#include "tests/strategies/spaces.hpp"

namespace hpo {
namespace {

StudySpec grid_spec(SearchSpace space) {
  StudySpec spec = study_of(std::move(space));
  spec.strategy.type = "grid";
  return spec;
}

std::unique_ptr<Strategy> grid_of(const StudySpec& spec) {
  auto strategy = make_strategy(spec);
  REQUIRE(strategy);
  return *std::move(strategy);
}

}  // namespace

TEST_CASE("a grid combines listed and natural values, the last parameter fastest", "[grid]") {
  StudySpec spec = grid_spec(space_of({{.name = "lr", .domain = FloatDomain{}},
                                       {.name = "amp", .domain = BoolDomain{}},
                                       {.name = "n", .domain = IntDomain{.low = 1, .high = 9}}}));
  spec.strategy.grid_values = {{"lr", {0.5, 0.1}}, {"n", {integer(4)}}};
  const auto answer = grid_of(spec)->ask(History(3), 7, 100);
  REQUIRE(answer);
  REQUIRE(answer->proposals.size() == 4);
  CHECK(answer->proposals[0] == Proposal{7, {0.5, false, integer(4)}});
  CHECK(answer->proposals[1] == Proposal{8, {0.5, true, integer(4)}});
  CHECK(answer->proposals[2] == Proposal{9, {0.1, false, integer(4)}});
  CHECK_FALSE(answer->exhausted);
}

TEST_CASE("a grid goes on where the trials end, whatever their order, and is then exhausted",
          "[grid]") {
  const StudySpec spec = grid_spec(six_conditional_values());
  const auto strategy = grid_of(spec);
  const auto all = strategy->ask(History(2), 0, 100);
  REQUIRE(all->proposals.size() == 6);
  HistoryBuilder builder(2);
  builder.add(all->proposals[4].values, TrialState::failed);
  builder.add(all->proposals[0].values);
  builder.history().set_open({{.number = 2, .values = all->proposals[1].values}});
  const auto rest = strategy->ask(builder.history(), 3, 2);
  REQUIRE(rest->proposals.size() == 2);
  CHECK(rest->proposals[0].values == all->proposals[2].values);
  CHECK(rest->proposals[1].values == all->proposals[3].values);
  for (const std::size_t i : {1U, 2U, 3U, 5U}) builder.add(all->proposals[i].values);
  builder.history().set_open({});
  const auto nothing = strategy->ask(builder.history(), 6, 3);
  CHECK((nothing->exhausted && nothing->proposals.empty()));
  CHECK_FALSE(strategy->ask(builder.history(), 6, 0)->proposals.size() > 0);
  CHECK(strategy->ask(History(2), 0, 100)->proposals == all->proposals);  // starts over
}

TEST_CASE("a grid whose asks are for nothing is not exhausted", "[grid]") {
  const auto strategy = grid_of(grid_spec(six_conditional_values()));
  CHECK_FALSE(strategy->ask(History(2), 0, 0)->exhausted);
}

TEST_CASE("values that leave a condition without effect are a grid all the same", "[grid]") {
  StudySpec spec = grid_spec(six_conditional_values());
  spec.strategy.grid_values = {{"optimizer", {word_value("adam")}}};
  const auto answer = grid_of(spec)->ask(History(2), 0, 10);
  REQUIRE(answer->proposals.size() == 1);
  CHECK(answer->proposals[0].values == Values{word_value("adam"), Inactive{}});
}

TEST_CASE("combinations that a constraint forbids are no part of the grid", "[grid]") {
  const StudySpec spec = grid_spec(constrained_space(
      {{.name = "a", .domain = IntDomain{.low = 1, .high = 3}},
       {.name = "b", .domain = IntDomain{.low = 1, .high = 3}}}, {"a < b"}));
  CHECK(grid_of(spec)->ask(History(2), 0, 10)->proposals.size() == 3);
}

TEST_CASE("a float without values, and a grid of too many, are refused with a remedy", "[grid]") {
  for (const SearchSpace& space : {conditional_space(),
                                   space_of_domains(std::vector<Domain>(23, BoolDomain{}))}) {
    const auto refused = make_strategy(grid_spec(space));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::invalid_argument);
    CHECK_FALSE(refused.error().remedy.empty());
  }
}

}  // namespace hpo
