// The strategy `gp` beside open trials: when its model begins, and how often it explores.
#include <catch2/catch.hpp>

#include "strategies/strategy.hpp"
#include "tests/strategies/spaces.hpp"

namespace hpo {
namespace {

StudySpec floats_spec(std::size_t count) {
  StudySpec spec = study_of(space_of_domains(std::vector<Domain>(count, FloatDomain{})));
  spec.strategy.type = "gp";
  spec.seed = 3;
  return spec;
}

// Sobol's first trials, those that are completed and then those that are open.
struct Start {
  HistoryBuilder builder;
  std::vector<OpenTrial> open{};
};

Start started(StudySpec spec, int completed, int open) {
  spec.strategy = {.type = "sobol"};
  Start start{.builder = HistoryBuilder(spec.space.size())};
  const auto answer = (*make_strategy(spec))->ask(start.builder.history(), 0, completed + open);
  for (const Proposal& each : answer->proposals) {
    if (each.number >= completed) {
      start.open.push_back({each.number, each.values});
    } else {
      start.builder.add(each.values, TrialState::completed, std::get<double>(each.values[0]));
    }
  }
  start.builder.history().set_open(start.open);
  return start;
}

}  // namespace

TEST_CASE("with trials open, gp begins with as many of sobol's as one after the other", "[gp]") {
  StudySpec spec = floats_spec(4);
  const int completed = GENERATE(2, 3, 7);
  Start start = started(spec, completed, 9 - completed);
  const auto batch = (*make_strategy(spec))->ask(start.builder.history(), 9, 3);
  spec.strategy.options["pending"] = word_value("kriging_believer");
  const auto believed = (*make_strategy(spec))->ask(start.builder.history(), 9, 3);
  spec.strategy = {.type = "sobol"};
  const auto sobol = (*make_strategy(spec))->ask(start.builder.history(), 9, 3);
  CHECK(believed->proposals == sobol->proposals);  // it waits until ten are completed
  CHECK(batch->proposals[0] == sobol->proposals[0]);
  const bool is_modelled = completed >= 3;
  CHECK((batch->proposals[1] != sobol->proposals[1]) == is_modelled);
  CHECK((batch->proposals[2] != sobol->proposals[2]) == is_modelled);
}

TEST_CASE("a batch of gp that begins among the first trials is that of asks one by one", "[gp]") {
  const StudySpec spec = floats_spec(4);
  Start start = started(spec, 4, 4);
  const auto batch = (*make_strategy(spec))->ask(start.builder.history(), 8, 5);
  REQUIRE(batch->proposals.size() == 5);
  for (const Proposal& each : batch->proposals) {
    const auto one = (*make_strategy(spec))->ask(start.builder.history(), each.number, 1);
    CHECK(one->proposals[0] == each);
    start.open.push_back({each.number, each.values});
    start.builder.history().set_open(start.open);
  }
}

TEST_CASE("one trial at a time, gp proposes the same whatever its way with open trials", "[gp]") {
  StudySpec spec = floats_spec(2);
  const auto strategy = *make_strategy(spec);
  spec.strategy.options["pending"] = word_value("kriging_believer");
  const auto believer = *make_strategy(spec);
  HistoryBuilder builder(2);
  for (int number = 0; number < 20; ++number) {
    const auto answer = strategy->ask(builder.history(), number, 1);
    CHECK(answer->proposals == believer->ask(builder.history(), number, 1)->proposals);
    const Values& values = answer->proposals[0].values;
    builder.add(values, TrialState::completed,
                std::get<double>(values[0]) - std::get<double>(values[1]));
  }
}

}  // namespace hpo
