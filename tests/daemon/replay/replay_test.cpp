// What was suggested is suggested again; what was not, is told.
#include "daemon/replay/replay.hpp"

#include <catch2/catch.hpp>

#include "strategies/strategy.hpp"
#include "tests/daemon/replay/recording.hpp"

using namespace hpo;
using namespace hpo::test;

namespace {

constexpr int trials = Recording{}.trials;

replay::Replay must_replay(const replay::RecordedStudy& study) {
  const auto found = replay::replay(study);
  REQUIRE(found);
  return *found;
}

}  // namespace

TEST_CASE("every strategy suggests the same again, with trials that end out of order", "[replay]") {
  for (const StrategyEntry& entry : strategies()) {
    INFO(entry.name);
    const replay::RecordedStudy study = recorded_study(std::string(entry.name));
    const replay::Replay found = must_replay(study);
    CHECK(found.is_equal());
    CHECK(found.equal == static_cast<int>(study.trials.size()));
    CHECK(found.builds == std::set<std::string>{"here"});
  }
}

TEST_CASE("what auto stood for when a study ran, its suggestions tell", "[replay]") {
  replay::RecordedStudy study = recorded_study("sobol");
  study.spec.strategy.type = "auto";
  REQUIRE(find_strategy(study.spec)->name != "sobol");
  const replay::Replay found = must_replay(study);
  CHECK(found.is_equal());
  CHECK(found.equal == static_cast<int>(study.trials.size()));
  CHECK(found.strategy == "sobol");
}

TEST_CASE("a suggestion that another strategy made is computed by that one", "[replay]") {
  replay::RecordedStudy study = recorded_study("sobol");
  auto& [number, last] = *study.trials.rbegin();
  last.suggestion.strategy = "random";
  last.suggestion.first_number = number;
  last.suggestion.count = 1;
  CHECK(must_replay(study).different == 1);
  StudySpec spec = study.spec;
  spec.strategy.type = "random";
  last.values = (*make_strategy(spec))->ask(History(spec.space.size()), number, 1)
                    ->proposals.at(0).values;
  CHECK(must_replay(study).is_equal());
}

TEST_CASE("suggestions by fits that lag behind are the same again, and are others", "[replay]") {
  replay::RecordedStudy study = recorded_study("gp", {.fits_lag = 9});
  CHECK(must_replay(study).is_equal());
  for (auto& [number, trial] : study.trials) trial.suggestion.model_seq = 0;
  CHECK(must_replay(study).different > 0);
}

TEST_CASE("what mobster suggested by reports, with fits that lag behind, is suggested again",
          "[replay]") {
  replay::RecordedStudy study = recorded_study("mobster", {.trials = 90, .fits_lag = 9});
  CHECK(must_replay(study).is_equal());
  for (JudgedReport& each : study.reports) each.report.value *= -1.0;
  CHECK(must_replay(study).different > 0);
}

TEST_CASE("what was suggested by reports of 64 trials at once is suggested again", "[replay]") {
  replay::RecordedStudy study =
      recorded_study("bohb", {.trials = 300, .in_flight = 64, .late_every = 7});
  const replay::Replay found = must_replay(study);
  CHECK(found.is_equal());
  CHECK(found.equal == static_cast<int>(study.trials.size()));
  CHECK(found.stand_ins > 0);
  SECTION("and with other values another one") {
    for (JudgedReport& each : study.reports) each.report.value *= -1.0;
    CHECK(must_replay(study).different > 0);
  }
  SECTION("and out of their order they contradict each other") {
    std::swap(study.reports[0].report.seq, study.reports[1].report.seq);
    const auto refused = replay::replay(study);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::corrupt);
  }
}

TEST_CASE("who stood in for a late strategy is asked again", "[replay]") {
  const replay::RecordedStudy study = recorded_study("tpe", {.late_every = 3});
  const replay::Replay found = must_replay(study);
  CHECK(found.is_equal());
  CHECK(found.equal == static_cast<int>(study.trials.size()));
  CHECK(found.stand_ins > 0);
  CHECK(found.stand_ins < found.equal);
  CHECK(found.stand_ins_equal == found.stand_ins);
}

TEST_CASE("a stand-in of another version is counted, and not equal", "[replay]") {
  replay::RecordedStudy study = recorded_study("tpe", {.late_every = 3});
  for (auto& [number, trial] : study.trials) {
    if (!trial.suggestion.instead_of.empty()) ++trial.suggestion.version;
  }
  const replay::Replay found = must_replay(study);
  CHECK(found.of_others == found.stand_ins);
  CHECK(found.stand_ins_equal == 0);
  CHECK_FALSE(found.is_equal());
}

TEST_CASE("a value that was not suggested is found, and how far it is", "[replay]") {
  replay::RecordedStudy study = recorded_study("sobol");
  const double before = std::get<double>(study.trials.at(7).values[0]);
  study.trials.at(7).values[0] = before < 0.5 ? before + 0.25 : before - 0.25;
  const replay::Replay found = must_replay(study);
  CHECK_FALSE(found.is_equal());
  REQUIRE(found.shown.size() == 1);
  CHECK(found.shown[0].trial == 7);
  CHECK(std::get<double>(found.shown[0].computed[0]) == before);
  CHECK(found.largest == Approx(0.25));
}

TEST_CASE("a result that was another changes what is learnt from it", "[replay]") {
  replay::RecordedStudy study = recorded_study("tpe");
  for (auto& [number, trial] : study.trials) trial.value = -trial.value;
  CHECK(must_replay(study).different > 0);
}

TEST_CASE("suggestions of another version are counted, and are not equal", "[replay]") {
  replay::RecordedStudy study = recorded_study("sobol");
  for (auto& [number, trial] : study.trials) trial.suggestion.version += 1;
  const replay::Replay found = must_replay(study);
  CHECK(found.of_others == static_cast<int>(study.trials.size()));
  CHECK_FALSE(found.is_equal());
}

TEST_CASE("of a study that goes on, what came later than its first page is left out", "[replay]") {
  replay::RecordedStudy study = recorded_study("tpe");
  study.history_seq_max /= 2;
  const replay::Replay found = must_replay(study);
  CHECK(found.is_equal());
  CHECK(found.too_new > 0);
  CHECK(found.equal > 0);
}

TEST_CASE("trials that nobody suggested are seen and not compared", "[replay]") {
  replay::RecordedStudy study = recorded_study("sobol");
  study.trials.at(3).suggestion = {};
  const replay::Replay found = must_replay(study);
  CHECK(found.is_equal());
  CHECK(found.equal == static_cast<int>(study.trials.size()) - 1);
}

TEST_CASE("an export that contradicts itself is an error, not a difference", "[replay]") {
  replay::RecordedStudy study = recorded_study("sobol");
  study.trials.at(trials / 2).suggestion.history_seq = 0;
  const auto found = replay::replay(study);
  REQUIRE_FALSE(found);
  CHECK(found.error().code == ErrorCode::corrupt);
}
