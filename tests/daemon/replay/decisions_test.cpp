// A pruner's decisions, computed once more from what was recorded.
#include "daemon/replay/decisions.hpp"

#include <catch2/catch.hpp>

#include "strategies/pruners/pruner.hpp"

using namespace hpo;
using replay::RecordedStudy;
using replay::replay_decisions;

namespace {

// Eight trials that tell nine steps each, side by side; each ends when it was told to, or at last.
RecordedStudy recorded(const std::string& pruner) {
  RecordedStudy study;
  study.spec.objective.metric = "loss";
  study.spec.pruner.type = pruner;
  study.spec.fidelity = FidelitySpec{.name = "epochs", .min = 1, .max = 9, .checkpoint = true};
  if (pruner == "asha") study.spec.pruner.options = {{"type", std::string("promotion")}};
  auto live = Pruner::make(study.spec);
  REQUIRE(live);
  std::int64_t seq = 0;
  for (int step = 1; step <= 9; ++step) {
    for (int trial = 0; trial < 8; ++trial) {
      replay::RecordedTrial& state = study.trials[trial];
      if (state.history_seq) continue;
      JudgedReport told{.report = {.trial = trial, .step = step, .value = 1.0 * trial / step,
                                   .seq = ++seq}};
      told.decision = live->report(told.report);
      study.reports.push_back(told);
      if (told.decision.verdict != Verdict::stop && step < 9) continue;
      state.state = step < 9 ? TrialState::pruned : TrialState::completed;
      state.value = told.report.value;
      state.history_seq = ++seq;
      live->finished(trial, state.state, state.value);
    }
  }
  study.history_seq_max = seq;
  return study;
}

}  // namespace

TEST_CASE("what a pruner decided it decides again", "[replay]") {
  const RecordedStudy study = recorded(GENERATE(as<std::string>(), "asha", "hyperband", "median"));
  const auto found = replay_decisions(study);
  REQUIRE(found);
  CHECK(found->equal == static_cast<int>(study.reports.size()));
  CHECK(found->different == 0);
}

TEST_CASE("a decision that was another one is shown", "[replay]") {
  RecordedStudy study = recorded("hyperband");
  study.reports[2].decision = {Verdict::stop, 0, "by nobody"};
  const auto found = replay_decisions(study);
  REQUIRE(found->different == 1);
  CHECK(found->shown.front().trial == 2);
  CHECK(report_text(*found).find("recorded stop (by nobody), computed ") != std::string::npos);
}

TEST_CASE("what may have come after an end that is not told is not judged", "[replay]") {
  RecordedStudy study = recorded("median");
  study.history_seq_max = 5;
  const auto found = replay_decisions(study);
  CHECK(found->too_new == static_cast<int>(study.reports.size()) - 5);
}

TEST_CASE("a study without a pruner has nothing to decide", "[replay]") {
  RecordedStudy study = recorded("median");
  study.spec.pruner.type = "none";
  CHECK(report_text(*replay_decisions(study)).empty());
}
