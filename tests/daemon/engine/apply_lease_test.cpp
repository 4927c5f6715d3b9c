// Leases: a trial is one worker's at a time, and what a former one says is told from the rest.
#include <catch2/catch.hpp>

#include "tests/daemon/engine/build.hpp"

namespace hpo::engine {
namespace {

Study pulled(int trials, int parallel) {
  StudySpec spec = spec_of(trials, parallel);
  spec.executor.type = "external";
  spec.dispatch = Dispatch::workers;
  Study study = study_of(spec);
  happens(study, StudyCreated{});
  add_trials(study, trials);
  return study;
}

AttemptStarted start_of(int trial, std::int64_t fence, const std::string& worker = "w",
                        int attempt = 1) {
  return {.trial = trial, .attempt = attempt, .worker = worker, .fence = fence,
          .job = "job" + std::to_string(trial) + "-" + std::to_string(fence)};
}

}  // namespace

TEST_CASE("a leased trial waits, is counted as no attempt, and is nobody else's", "[engine]") {
  Study study = pulled(2, 1);
  const Changes changes = happens(study, TrialLeased{0, "w", 1});
  CHECK(changes.trial->state == TrialState::waiting);
  CHECK(changes.trial->lease == Lease{"w", 1});
  CHECK(changes.trial->attempts == 0);
  CHECK(room(study) == 1);
  CHECK(next_to_lease(study) == 1);
  CHECK(is_refused(study, TrialLeased{0, "v", 2}));
  CHECK(is_refused(study, start_of(0, 1, "v")));
  CHECK(is_refused(study, start_of(0, 2)));
}

TEST_CASE("a lease that is returned leaves the trial as it was, but for the fence", "[engine]") {
  Study study = pulled(1, 1);
  happens(study, TrialLeased{0, "w", 1});
  CHECK(is_refused(study, TrialReturned{0, 2}));
  happens(study, TrialReturned{0, 1});
  CHECK(study.open.at(0).trial.attempts == 0);
  CHECK(next_to_lease(study) == 0);
  CHECK(is_refused(study, start_of(0, 1)));  // it had it once
  CHECK(is_refused(study, TrialLeased{0, "w", 1}));
  happens(study, TrialLeased{0, "v", 2});
}

TEST_CASE("a lease that was granted may begin in a study that is paused", "[engine]") {
  Study study = pulled(2, 1);
  happens(study, TrialLeased{0, "w", 1});
  happens(study, StudyPaused{});
  CHECK(is_refused(study, TrialLeased{1, "w", 1}));
  CHECK(is_refused(study, start_of(1, 1)));
  const Changes changes = happens(study, start_of(0, 1));
  CHECK(changes.attempt->state == AttemptState::running);
  CHECK(changes.attempt->native_id == "w");
  CHECK(changes.attempt->fence == 1);
}

TEST_CASE("trials that are begun at once keep to parallel", "[engine]") {
  Study study = pulled(3, 1);
  happens(study, start_of(0, 1));
  CHECK(room(study) == 0);
  CHECK(is_refused(study, start_of(1, 1)));
  ends(study, 0, completed(0.5));
  happens(study, start_of(1, 1));
}

TEST_CASE("a worker that is not heard of loses its trial, and its late result counts once",
          "[engine]") {
  Study study = pulled(1, 1);
  happens(study, start_of(0, 1));
  ends(study, 0, lost());
  CHECK(study.open.at(0).trial.lease.worker.empty());
  CHECK(is_refused(study, start_of(0, 1, "w", 2)));
  happens(study, start_of(0, 2, "v", 2));
  happens(study, AttemptEnded{0, 1, completed(0.25)});
  CHECK(is_unwanted(study, 0));
  CHECK(is_refused(study, AttemptEnded{0, 1, completed(0.5)}));
  const Changes changes = ends(study, 0, cancelled());
  CHECK(changes.trial->value == 0.25);
  CHECK(changes.trial->lease.worker.empty());
}

TEST_CASE("workers that end do not pause a study, whatever they had", "[engine]") {
  Study study = pulled(9, 9);
  for (int trial = 0; trial < 6; ++trial) {
    happens(study, start_of(trial, 1));
    ends(study, trial, trial % 2 == 0 ? lost() : failed(FailureClass::preempted));
  }
  CHECK(study.progress.failures_alike == 0);
  for (int trial = 6; trial < 9; ++trial) {
    happens(study, start_of(trial, 1));
    ends(study, trial, exited(1));
  }
  CHECK(study.progress.failures_alike == 3);
}

TEST_CASE("where trials are pulled no job is submitted, and none is planned", "[engine]") {
  Study study = pulled(2, 2);
  CHECK(due(study).empty());
  CHECK(is_refused(study, AttemptSubmitting{.trial = 0, .attempt = 1, .job = "j"}));
  Study other = study_with(spec_of(2, 2), 0);
  add_trials(other, 1);
  CHECK(is_refused(other, TrialLeased{0, "w", 1}));
  CHECK(is_refused(other, start_of(0, 1)));
}

TEST_CASE("an eighth of the slots is proposed ahead of need", "[engine]") {
  StudySpec spec = spec_of(100, 32);
  spec.dispatch = Dispatch::workers;
  Study study = study_of(spec);
  happens(study, StudyCreated{});
  add_trials(study, 32);
  for (int trial = 0; trial < 32; ++trial) happens(study, start_of(trial, 1));
  REQUIRE(due(study) == Lines{"ask 32 +4"});
  add_trials(study, 3);
  CHECK(due(study) == Lines{"ask 35 +1"});
  happens(study, TrialLeased{32, "w", 1});
  CHECK(due(study) == Lines{"ask 35 +2"});
}

}  // namespace hpo::engine
