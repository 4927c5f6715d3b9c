// What pruners decide: an intent until the attempt has ended, and what becomes of paused trials.
#include <catch2/catch.hpp>

#include "tests/daemon/engine/build.hpp"

using namespace hpo;
using namespace hpo::engine;

namespace {

const Decision stopped{Verdict::stop, 1, "rank 5 of 9 at step 10"};
const Decision paused{Verdict::pause, 1, "rank 5 of 9 at step 10"};

Study pruned_study(const Decision& decision, StudySpec spec = spec_of(4, 2)) {
  Study study = study_with(std::move(spec), 2);
  happens(study, TrialPruning{0, 1, decision});
  return study;
}

}  // namespace

TEST_CASE("a trial that is pruned ends as pruned however its training ends, with the reason",
          "[engine][pruning]") {
  const auto outcome = GENERATE(cancelled(), exited(1), failed(FailureClass::no_result), lost(),
                                Outcome{.status = OutcomeStatus::pruned});
  Study study = pruned_study(stopped);
  CHECK_THAT(due(study), Catch::Matchers::VectorContains(std::string("cancel 0/1")));
  const Changes changes = ends(study, 0, outcome);
  REQUIRE(changes.trial);
  CHECK(changes.trial->state == TrialState::pruned);
  CHECK(changes.trial->message == stopped.reason);
  CHECK(study.progress.pruned == 1);
  CHECK(study.progress.failures_alike == 0);
}

TEST_CASE("a result that a training brings though it was told to stop counts",
          "[engine][pruning]") {
  Study study = pruned_study(stopped);
  const Changes changes = ends(study, 0, completed(0.5));
  CHECK(changes.trial->state == TrialState::completed);
  CHECK(study.progress.best_trial == 0);
}

TEST_CASE("what a user or the study cancels is cancelled, pruned or not", "[engine][pruning]") {
  Study study = pruned_study(stopped);
  SECTION("the trial") { happens(study, TrialCancelling{0}); }
  SECTION("the study") { happens(study, StudyCancelling{}); }
  CHECK(ends(study, 0, cancelled()).trial->state == TrialState::cancelled);
}

TEST_CASE("a paused trial waits until it is taken up, and its next attempt is no retry",
          "[engine][pruning]") {
  StudySpec spec = spec_of(4, 2);
  spec.retry.max = 0;
  Study study = pruned_study(paused, spec);
  CHECK(ends(study, 0, cancelled()).trial->state == TrialState::paused);
  CHECK(room(study) == 1);
  CHECK_THAT(due(study), Catch::Matchers::VectorContains(std::string("take up a paused one")));
  const Changes changes = happens(study, TrialTakenUp{0});
  CHECK(changes.trial->state == TrialState::waiting);
  CHECK_THAT(due(study), Catch::Matchers::VectorContains(std::string("start 0/2")));
  start(study, 0);
  CHECK(study.open.at(0).attempt->decision == Decision{});
  CHECK(ends(study, 0, completed(0.5)).trial->state == TrialState::completed);
}

TEST_CASE("attempts that go on after a pause leave the retries as they are", "[engine][pruning]") {
  StudySpec spec = spec_of(4, 2);
  spec.retry.max = 1;
  Study study = pruned_study(paused, spec);
  ends(study, 0, cancelled());
  happens(study, TrialTakenUp{0});
  start(study, 0);
  CHECK(ends(study, 0, failed(FailureClass::node_fail)).trial->state == TrialState::waiting);
  start(study, 0);
  CHECK(ends(study, 0, failed(FailureClass::node_fail)).trial->state == TrialState::failed);
}

TEST_CASE("when nothing else is left the plan offers the last chance", "[engine][pruning]") {
  Study study = pruned_study(paused, spec_of(2, 2));
  ends(study, 0, cancelled());
  CHECK(due(study) == Lines{"take up a paused one"});
  ends(study, 1, completed(0.5));
  CHECK(due(study) == Lines{"take up a paused one, or prune all"});
  const Changes changes = happens(study, TrialPruned{0});
  CHECK(changes.trial->state == TrialState::pruned);
  CHECK(changes.trial->message ==
        "not taken up again, as the study ends (trials); it had paused: " + paused.reason);
  CHECK(due(study) == Lines{"end finished trials"});
}

TEST_CASE("paused trials are pruned when none may start, and cancelled with their study",
          "[engine][pruning]") {
  StudySpec spec = spec_of(4, 2);
  spec.budget.time = std::chrono::seconds(1);
  Study study = pruned_study(paused, spec);
  ends(study, 0, cancelled());
  SECTION("no time is left") {
    study.progress.spent_ns = 2'000'000'000;
    CHECK(due(study) == Lines{"prune 0"});
  }
  SECTION("the study is cancelled") {
    happens(study, StudyCancelling{});
    CHECK(due(study) == Lines{"cancel 1/1", "drop 0"});
    const Changes changes = happens(study, TrialCancelled{0});
    CHECK(changes.trial->state == TrialState::cancelled);
    CHECK(changes.trial->message == "cancelled; it had paused: " + paused.reason);
  }
}

TEST_CASE("what cannot have been decided is refused", "[engine][pruning]") {
  Study study = pruned_study(stopped);
  CHECK(is_refused(study, TrialPruning{0, 1, stopped}));                // twice
  CHECK(is_refused(study, TrialPruning{1, 1, Decision{}}));             // to go on
  CHECK(is_refused(study, TrialPruning{1, 2, stopped}));                // another attempt
  CHECK(is_refused(study, TrialPruning{3, 1, stopped}));                // not begun
  CHECK(is_refused(study, TrialTakenUp{0}));
  CHECK(is_refused(study, TrialPruned{1}));
}

TEST_CASE("a trial that pauses before its job was there has no attempt to submit again",
          "[engine][pruning]") {
  Study study = study_with(spec_of(4, 2), 0);
  add_trials(study, 1);
  happens(study, AttemptSubmitting{.trial = 0, .attempt = 1, .job = "first"});
  happens(study, TrialPruning{0, 1, paused});
  CHECK(happens(study, AttemptAbsent{0, 1, "put off"}).trial->state == TrialState::paused);
  CHECK(is_refused(study, AttemptSubmitting{.trial = 0, .attempt = 1, .job = "again"}));
  happens(study, TrialTakenUp{0});
  happens(study, AttemptSubmitting{.trial = 0, .attempt = 2, .job = "next"});
}
