// Every pruner on thousands of random streams: as the oracle, and the same after a restart.
#include <catch2/catch.hpp>
#include <map>

#include "tests/strategies/pruners/oracle.hpp"

namespace hpo::test {
namespace {

struct Case {
  std::string type{};
  std::map<std::string, ParamValue> options{};
  double eta = 3.0;
  Direction direction = Direction::minimize;
};

ParamValue whole(int number) { return std::int64_t{number}; }

std::vector<Case> cases() {
  const ParamValue promotion = std::string("promotion");
  return {{.type = "none"},
          {.type = "median"},
          {.type = "median", .options = {{"startup_trials", whole(0)}, {"min_trials", whole(3)}},
           .direction = Direction::maximize},
          {.type = "percentile", .options = {{"percentile", 12.5}, {"warmup_steps", whole(4)},
                                             {"interval_steps", whole(5)}}},
          {.type = "percentile", .options = {{"percentile", 25.0}, {"startup_trials", whole(2)}},
           .direction = Direction::maximize},
          {.type = "percentile", .options = {{"percentile", 100.0}}},
          {.type = "wilcoxon"},
          {.type = "wilcoxon", .options = {{"p_threshold", 0.3}, {"startup_steps", whole(0)}},
           .direction = Direction::maximize},
          {.type = "asha"},
          {.type = "asha", .eta = 2.0, .direction = Direction::maximize},
          {.type = "asha", .options = {{"type", promotion}}},
          {.type = "asha", .options = {{"type", promotion}}, .eta = 2.5,
           .direction = Direction::maximize},
          {.type = "hyperband"},
          {.type = "hyperband", .options = {{"brackets", whole(2)}, {"type", promotion}},
           .direction = Direction::maximize}};
}

StudySpec study_of_case(const Case& each) {
  StudySpec spec = pruned_study(each.type, each.options);
  spec.fidelity->eta = each.eta;
  spec.objective.direction = each.direction;
  return spec;
}

// What happened in all streams: a test that never stopped anybody would prove little.
struct Tally {
  std::map<Verdict, int> verdicts{};
  int taken_up = 0;
};

constexpr int streams = 250;
constexpr int events = 160;

}  // namespace

TEST_CASE("decisions are those of an oracle that looks at all events anew", "[pruner]") {
  for (const Case& each : cases()) {
    const StudySpec spec = study_of_case(each);
    Tally tally;
    for (std::uint64_t seed = 0; seed < streams; ++seed) {
      INFO(each.type << ", seed " << seed);
      Pruner pruner = make_pruner(spec);
      PrunerOracle oracle(spec);
      Trainings trainings(seed, 1 + static_cast<int>(seed % 12));
      for (int i = 0; i < events; ++i) {
        const auto next = pruner.take_up();
        REQUIRE(next == oracle.take_up());
        const PrunerEvent event = trainings.next(next);
        const Decision decision = tell(pruner, event);
        const Decision expected = oracle.tell(event);
        INFO("event " << i << ", trial " << event.report.trial << ", step " << event.report.step);
        REQUIRE(word(decision.verdict) == word(expected.verdict));
        REQUIRE(decision.rung == expected.rung);
        trainings.decided(event, decision);
        ++tally.verdicts[decision.verdict];
        tally.taken_up += event.kind == PrunerEvent::Kind::taken_up ? 1 : 0;
      }
    }
    INFO(each.type);
    const bool is_promotion = each.options.contains("type");
    if (each.type != "none") CHECK(tally.verdicts[Verdict::stop] > streams / 5);
    CHECK((tally.verdicts[Verdict::pause] > streams) == is_promotion);
    CHECK((tally.taken_up > streams) == is_promotion);
  }
}

TEST_CASE("killed at any event and told again, a pruner decides the same", "[pruner]") {
  for (const Case& each : cases()) {
    const StudySpec spec = study_of_case(each);
    for (std::uint64_t seed = 1000; seed < 1020; ++seed) {
      INFO(each.type << ", seed " << seed);
      Pruner kept = make_pruner(spec);
      Trainings trainings(seed, 8);
      std::vector<PrunerEvent> told;
      for (int i = 0; i < events; ++i) {
        if (i % 7 == static_cast<int>(seed % 7)) {
          Pruner rebuilt = make_pruner(spec);
          for (const PrunerEvent& event : told) tell(rebuilt, event);
          REQUIRE(rebuilt.take_up() == kept.take_up());
          kept = std::move(rebuilt);
        }
        Pruner another = make_pruner(spec);
        for (const PrunerEvent& event : told) tell(another, event);
        told.push_back(trainings.next(kept.take_up()));
        const Decision decision = tell(kept, told.back());
        REQUIRE(tell(another, told.back()) == decision);
        trainings.decided(told.back(), decision);
      }
    }
  }
}

TEST_CASE("the other direction of the negative values has the same decisions", "[pruner]") {
  for (Case each : cases()) {
    each.direction = Direction::minimize;
    Pruner low = make_pruner(study_of_case(each));
    each.direction = Direction::maximize;
    Pruner high = make_pruner(study_of_case(each));
    Trainings trainings(3, 6);
    for (int i = 0; i < 2000; ++i) {
      PrunerEvent event = trainings.next(low.take_up());
      const Decision decision = tell(low, event);
      trainings.decided(event, decision);
      event.report.value = -event.report.value;
      event.value = -event.value;
      const Decision mirrored = tell(high, event);
      REQUIRE(word(mirrored.verdict) == word(decision.verdict));
      REQUIRE(mirrored.rung == decision.rung);
    }
  }
}

}  // namespace hpo::test
