// Results that come after an attempt was given up: kept, and counted once. Likewise after a cancel:
// kept, and counted if only the study is being cancelled.
#include <catch2/catch.hpp>

#include "tests/daemon/engine/build.hpp"

namespace hpo::engine {
namespace {

// A trial whose first attempt was given up.
Study study_with_lost() {
  Study study = study_with(spec_of(1, 1), 1);
  ends(study, 0, lost());
  return study;
}

Study study_with_newer_attempt() {
  Study study = study_with_lost();
  start(study, 0);
  return study;
}

}  // namespace

SCENARIO("a result counts even if its study is being cancelled, but not if its trial is",
         "[engine]") {
  Study study = study_with(spec_of(2, 1), 1);
  const bool is_study = GENERATE(true, false);
  happens(study, is_study ? Body(StudyCancelling{}) : Body(TrialCancelling{0}));
  WHEN("the job ends with a result first") {
    const Changes changes = ends(study, 0, completed(0.5));
    if (is_study) {
      CHECK(changes.trial->value == 0.5);
      CHECK(study.progress.best_trial == 0);
    } else {
      CHECK(changes.trial->state == TrialState::cancelled);
      CHECK(changes.trial->message ==
            "it was cancelled before its training brought 0.5, which does not count");
      CHECK(study.progress.best_trial == std::nullopt);
    }
    THEN("what it brought is kept with its attempt") {
      CHECK(changes.attempt->state == AttemptState::succeeded);
      CHECK(changes.attempt->outcome.value == 0.5);
    }
  }
  WHEN("the job ends without one, for whatever reason") {
    const Outcome outcome = GENERATE(cancelled(), exited(1), exited(75), lost());
    THEN("the trial is cancelled: no failure, no retry") {
      CHECK(ends(study, 0, outcome).trial->state == TrialState::cancelled);
      CHECK(study.progress.failed == 0);
      CHECK(study.progress.failures_alike == 0);
    }
  }
}

TEST_CASE("a late result of a trial that is being cancelled does not count", "[engine]") {
  Study study = study_with_newer_attempt();
  happens(study, TrialCancelling{0});
  happens(study, AttemptEnded{0, 1, completed(0.5)});
  CHECK(ends(study, 0, exited(1)).trial->state == TrialState::cancelled);
  CHECK(study.progress.best_trial == std::nullopt);
}

SCENARIO("a late result ends a trial that waits for another attempt", "[engine]") {
  Study study = study_with_lost();
  REQUIRE(due(study) == Lines{"start 0/2"});
  const Changes changes = happens(study, AttemptEnded{0, 1, completed(0.5)});
  CHECK(changes.attempt->state == AttemptState::late);
  CHECK(changes.trial->state == TrialState::completed);
  CHECK(changes.trial->value == 0.5);
  CHECK(study.progress.completed == 1);
  CHECK(due(study) == Lines{"end finished trials"});
}

SCENARIO("a late result makes the newer attempt go before the trial ends", "[engine]") {
  GIVEN("a trial whose second attempt runs, the first one having been given up") {
    Study study = study_with_newer_attempt();
    WHEN("the first attempt's result comes after all") {
      const Changes changes = happens(study, AttemptEnded{0, 1, completed(0.5)});
      CHECK(changes.attempt->state == AttemptState::late);
      CHECK(changes.attempt->outcome.value == 0.5);
      THEN("the trial stays open, and the newer attempt's job has to go") {
        CHECK_FALSE(changes.trial);
        CHECK(study.running.contains(0));
        CHECK(due(study) == Lines{"cancel 0/2"});
      }
      THEN("the late result counts, however the newer attempt ends") {
        const Outcome end = GENERATE(completed(0.1), exited(1), exited(75), lost(), cancelled());
        const Changes last = ends(study, 0, end);
        CHECK(last.trial->state == TrialState::completed);
        CHECK(last.trial->value == 0.5);
        CHECK(study.progress.completed == 1);
        CHECK(study.progress.failures_alike == 1);  // the loss, before the late result
        CHECK(last.attempt->outcome == end);
        CHECK(due(study) == Lines{"end finished trials"});
      }
      THEN("it is counted even if the study is cancelled meanwhile") {
        happens(study, StudyCancelling{});
        CHECK(ends(study, 0, cancelled()).trial->state == TrialState::completed);
      }
      THEN("it comes once") { CHECK(is_refused(study, AttemptEnded{0, 1, completed(0.4)})); }
    }
    WHEN("the first attempt turns out to have failed") {
      const Changes changes = happens(study, AttemptEnded{0, 1, exited(1)});
      THEN("that is kept, and the newer attempt goes on") {
        CHECK(changes.attempt->state == AttemptState::late);
        CHECK_FALSE(changes.trial);
        CHECK(due(study).empty());
        CHECK(ends(study, 0, completed(0.1)).trial->value == 0.1);
      }
    }
  }
}

SCENARIO("a late result spares a newer attempt that was never submitted", "[engine]") {
  Study study = study_with_lost();
  happens(study, AttemptSubmitting{.trial = 0, .attempt = 2, .job = "second"});
  WHEN("it comes while the newer submission is in doubt") {
    happens(study, AttemptEnded{0, 1, completed(0.5)});
    CHECK(due(study) == Lines{"locate 0/2"});
    THEN("the trial ends as soon as the doubt does") {
      const Body end = GENERATE(Body(AttemptAbsent{0, 2, ""}), Body(AttemptRejected{0, 2}));
      CHECK(happens(study, end).trial->value == 0.5);
      CHECK(study.progress.completed == 1);
    }
    THEN("a job that is found is told to go") {
      happens(study, AttemptSubmitted{.trial = 0, .attempt = 2, .job = "second"});
      CHECK(due(study) == Lines{"cancel 0/2"});
    }
  }
  WHEN("it comes when the newer submission is known to be absent") {
    happens(study, AttemptAbsent{0, 2, ""});
    THEN("the trial ends at once") {
      CHECK(happens(study, AttemptEnded{0, 1, completed(0.5)}).trial->value == 0.5);
    }
  }
}

TEST_CASE("a late result without a value is none", "[engine]") {
  Study study = study_with_lost();
  CHECK_FALSE(happens(study, AttemptEnded{0, 1, {.status = OutcomeStatus::completed}}).trial);
  CHECK(due(study) == Lines{"start 0/2"});
}

TEST_CASE("of two late results the earlier attempt's counts, in memory and on disk", "[engine]") {
  Study study = study_with_newer_attempt();
  ends(study, 0, lost());
  start(study, 0);
  happens(study, AttemptEnded{0, 2, completed(0.2)});
  happens(study, AttemptEnded{0, 1, completed(0.1)});
  CHECK(ends(study, 0, cancelled()).trial->value == 0.1);
}

TEST_CASE("what comes after its trial has finished is refused, and changes nothing", "[engine]") {
  Study study = study_with_newer_attempt();
  ends(study, 0, completed(0.1));
  CHECK(is_refused(study, AttemptEnded{0, 1, completed(0.5)}));
  CHECK(is_refused(study, AttemptEnded{0, 2, completed(0.5)}));
}

}  // namespace hpo::engine
