// What is due for a study, in its words: "start 0/2" is trial 0, attempt 2.
#include <catch2/catch.hpp>
#include <chrono>

#include "tests/daemon/engine/build.hpp"

namespace hpo::engine {

using namespace std::chrono_literals;

SCENARIO("a new study asks for as many proposals as it has places", "[engine]") {
  CHECK(due(study_of(spec_of(10, 3))) == Lines{"ask 0 +3"});
  CHECK(due(study_of(spec_of(2, 3))) == Lines{"ask 0 +2"});
  StudySpec spec = spec_of(10, 3);
  spec.executor.slots = 2;
  CHECK(due(study_of(spec)) == Lines{"ask 0 +2"});
}

SCENARIO("a full study keeps one proposal ahead of need", "[engine]") {
  Study study = study_with(spec_of(10, 2), 2);
  CHECK(due(study) == Lines{"ask 2 +1"});
  add_trials(study, 1);
  CHECK(due(study).empty());
  ends(study, 0, completed(1.0));
  CHECK(due(study) == Lines{"start 2/1"});
}

SCENARIO("waiting trials start in order, as many as there are places", "[engine]") {
  Study study = study_of(spec_of(10, 2));
  add_trials(study, 4);
  CHECK(due(study) == Lines{"start 0/1", "start 1/1"});
}

SCENARIO("a paused study starts nothing and still looks after its jobs", "[engine]") {
  Study study = study_with(spec_of(10, 3), 1);
  add_trials(study, 2);
  happens(study, AttemptSubmitting{.trial = 1, .attempt = 1, .job = "x"});
  happens(study, StudyPaused{});
  CHECK(due(study) == Lines{"locate 1/1"});
  happens(study, TrialCancelling{0});
  CHECK(due(study) == Lines{"cancel 0/1", "locate 1/1"});
  happens(study, AttemptAbsent{1, 1, ""});
  CHECK(due(study) == Lines{"cancel 0/1"});
  happens(study, StudyResumed{});
  CHECK(due(study) == Lines{"cancel 0/1", "start 1/1", "start 2/1"});
}

SCENARIO("a cancelled study drops what waits, and ends when its jobs are gone", "[engine]") {
  Study study = study_with(spec_of(10, 1), 1);
  add_trials(study, 2);
  happens(study, StudyCancelling{});
  CHECK(due(study) == Lines{"cancel 0/1", "drop 1", "drop 2"});
  happens(study, TrialCancelled{1});
  happens(study, TrialCancelled{2});
  CHECK(due(study) == Lines{"cancel 0/1"});
  ends(study, 0, cancelled());
  CHECK(due(study) == Lines{"end cancelled user"});
  happens(study, StudyEnded{StudyState::cancelled, StudyReason::user});
  CHECK(due(study).empty());
}

SCENARIO("a doubt is resolved before its job is cancelled", "[engine]") {
  Study study = study_of(spec_of(1, 1));
  add_trials(study, 1);
  happens(study, AttemptSubmitting{.trial = 0, .attempt = 1, .job = "a"});
  happens(study, StudyCancelling{});
  CHECK(due(study) == Lines{"locate 0/1"});
  happens(study, AttemptSubmitted{.trial = 0, .attempt = 1, .job = "a"});
  CHECK(due(study) == Lines{"cancel 0/1"});
}

SCENARIO("a study that is cancelled does not submit an absent attempt again", "[engine]") {
  Study study = study_of(spec_of(1, 1));
  add_trials(study, 1);
  happens(study, AttemptSubmitting{.trial = 0, .attempt = 1, .job = "a"});
  happens(study, AttemptAbsent{0, 1, ""});
  happens(study, StudyCancelling{});
  CHECK(due(study) == Lines{"drop 0"});
}

SCENARIO("one failed trial more than max_failures ends the study as failed", "[engine]") {
  Study study = study_of(spec_of(100, 2));
  run_to_end(study, completed(1.0));
  for (int i = 0; i < 20; ++i) run_to_end(study, exited(1));
  REQUIRE(due(study) == Lines{"ask 21 +2"});
  add_trials(study, 2);
  start(study, 21);
  start(study, 22);
  ends(study, 21, exited(1));
  THEN("what runs is let finish, and nothing more starts") {
    CHECK(due(study).empty());
    add_trials(study, 1);
    CHECK(due(study) == Lines{"drop 23"});
    happens(study, TrialCancelled{23});
    ends(study, 22, completed(0.5));
    CHECK(due(study) == Lines{"end failed max_failures"});
  }
}

SCENARIO("time that has run out forbids starts, and lets what runs finish", "[engine]") {
  StudySpec spec = spec_of(10, 1);
  spec.budget.time = 60s;
  Study study = study_with(spec, 1);
  add_trials(study, 1);
  const std::int64_t minute_ns = std::chrono::nanoseconds(1min).count();
  REQUIRE(apply(study, {.elapsed_ns = minute_ns - 1, .body = TimePassed{}}));
  REQUIRE(due(study).empty());
  REQUIRE(apply(study, {.elapsed_ns = 1, .body = TimePassed{}}));
  CHECK(due(study) == Lines{"drop 1"});
  happens(study, TrialCancelled{1});
  CHECK(due(study).empty());
  ends(study, 0, completed(1.0));
  CHECK(due(study) == Lines{"end finished time"});
}

SCENARIO("a study whose best trial has not improved for its patience asks no more", "[engine]") {
  StudySpec spec = spec_of(10, 1);
  spec.budget.patience = 2;
  Study study = study_of(spec);
  for (const double value : {1.0, 1.5}) run_to_end(study, completed(value));
  REQUIRE(due(study) == Lines{"ask 2 +1"});
  add_trials(study, 2);
  start(study, 2);
  ends(study, 2, completed(1.0));
  THEN("trials that it has are still tried") { CHECK(due(study) == Lines{"start 3/1"}); }
  THEN("a better value earns it new patience") {
    start(study, 3);
    ends(study, 3, completed(0.5));
    CHECK(due(study) == Lines{"ask 4 +1"});
  }
  THEN("without one it ends") {
    start(study, 3);
    ends(study, 3, completed(2.0));
    CHECK(due(study) == Lines{"end finished patience"});
  }
}

SCENARIO("a study without success waits for its first one before patience counts", "[engine]") {
  StudySpec spec = spec_of(10, 1);
  spec.budget.patience = 1;
  Study study = study_of(spec);
  for (const int code : {1, 2, 3}) run_to_end(study, exited(code));
  CHECK(due(study) == Lines{"ask 3 +1"});
}

SCENARIO("an exhausted space ends the study when its trials are done", "[engine]") {
  Study study = study_with(spec_of(10, 1), 1);
  happens(study, SpaceExhausted{});
  CHECK(due(study).empty());
  ends(study, 0, completed(1.0));
  CHECK(due(study) == Lines{"end finished space_exhausted"});
}

SCENARIO("three attempts that fail alike before any success pause the study", "[engine]") {
  Study study = study_of(spec_of(20, 1));
  for (int i = 0; i < 2; ++i) run_to_end(study, exited(1));
  REQUIRE(due(study) == Lines{"ask 2 +1"});
  GIVEN("a third one") {
    run_to_end(study, exited(1));
    REQUIRE(due(study) == Lines{"pause failures_alike"});
    happens(study, StudyPaused{StudyReason::failures_alike, "look"});
    CHECK(due(study).empty());
    THEN("after a resume three more are needed") {
      happens(study, StudyResumed{});
      for (int i = 0; i < 2; ++i) run_to_end(study, exited(1));
      CHECK(due(study) == Lines{"ask 5 +1"});
      run_to_end(study, exited(1));
      CHECK(due(study) == Lines{"pause failures_alike"});
    }
  }
  GIVEN("a different failure instead: counting starts anew") {
    run_to_end(study, GENERATE(exited(2), failed(FailureClass::no_result)));
    CHECK(due(study) == Lines{"ask 3 +1"});
  }
  GIVEN("a success instead: failures are no reason to pause any more") {
    run_to_end(study, completed(1.0));
    for (int i = 0; i < 5; ++i) run_to_end(study, exited(1));
    CHECK(due(study) == Lines{"ask 8 +1"});
  }
}

SCENARIO("attempts of one trial count as failing alike, too", "[engine]") {
  Study study = study_with(spec_of(20, 1), 1);
  for (int i = 0; i < 2; ++i) {
    ends(study, 0, lost());
    start(study, 0);
  }
  ends(study, 0, lost());
  CHECK(due(study) == Lines{"pause failures_alike"});
}

SCENARIO("attempts that would be tried again count as failing alike, of two trials at once",
         "[engine]") {
  StudySpec spec = spec_of(20, 2);
  spec.retry = {.max = 5, .on = {FailureClass::exit_code}};
  Study study = study_with(spec, 2);
  for (const int trial : {0, 1}) {
    REQUIRE(ends(study, trial, exited(1)).trial->state == TrialState::waiting);
    start(study, trial);
  }
  REQUIRE(due(study) == Lines{"ask 2 +1"});
  ends(study, 0, exited(1));
  CHECK(due(study) == Lines{"pause failures_alike"});
  WHEN("it pauses while the other attempt runs") {
    happens(study, StudyPaused{StudyReason::failures_alike, "look"});
    THEN("that one may end, and nothing is started after it") {
      ends(study, 1, exited(1));
      CHECK(due(study).empty());
    }
  }
}

TEST_CASE("a plan drops at most drops_max waiting trials at a time", "[engine]") {
  const int waiting = GENERATE(0, 1) + drops_max;
  Study study = study_of(spec_of(waiting, 1));
  add_trials(study, waiting);
  happens(study, StudyCancelling{});
  CHECK(due(study).size() == static_cast<std::size_t>(drops_max));
}

namespace {

std::chrono::nanoseconds time_of_plans(int waiting) {
  Study study = study_of(spec_of(waiting, 8));
  add_trials(study, waiting);
  for (int trial = 0; trial < 8; ++trial) start(study, trial);
  auto best = std::chrono::nanoseconds::max();
  for (int round = 0; round < 20; ++round) {
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < 200; ++i) REQUIRE(plan(study).empty());
    best = std::min<std::chrono::nanoseconds>(best, std::chrono::steady_clock::now() - begin);
  }
  return best;
}

}  // namespace

TEST_CASE("a plan costs as much with 100,000 waiting trials as with 100", "[engine]") {
  const auto few = time_of_plans(100);
  const auto many = time_of_plans(100'000);
  INFO("ns for 200 plans: " << few.count() << " and " << many.count());
  CHECK(many < 20 * few);  // a walk over the waiting ones would take 1,000 times as long
}

SCENARIO("with much noise a model is asked which trial is best, ever more seldom, and at the end",
         "[engine]") {
  StudySpec spec = spec_of(11, 1);
  spec.objective.noise = Noise::high;
  Study study = study_of(spec);
  run_to_end(study, failed(FailureClass::exit_code));
  CHECK(due(study) == Lines{"ask 1 +1"});
  run_to_end(study, completed(1.0));
  CHECK(due(study) == Lines{"ask 2 +1", "recommend of 2"});
  happens(study, TrialRecommended{.trial = 1, .value = 1.5, .finished = 2});
  CHECK(study.progress.recommended_trial == 1);
  CHECK(study.progress.recommended_value == 1.5);
  CHECK(due(study) == Lines{"ask 2 +1"});
  for (int trial = 2; trial < 8; ++trial) run_to_end(study, completed(1.0));
  happens(study, TrialRecommended{.trial = 2, .value = 1.0, .finished = 8});
  run_to_end(study, completed(1.0));
  CHECK(due(study) == Lines{"ask 9 +1"});
  run_to_end(study, completed(1.0));
  CHECK(due(study) == Lines{"ask 10 +1", "recommend of 10"});
  happens(study, TrialRecommended{.trial = 2, .value = 1.0, .finished = 10});
  run_to_end(study, completed(1.0));
  CHECK(due(study) == Lines{"recommend of 11"});
  happens(study, TrialRecommended{.trial = {}, .value = 0.0, .finished = 11});
  CHECK_FALSE(study.progress.recommended_value);
  CHECK(due(study) == Lines{"end finished trials"});
}

SCENARIO("what is recommended is a finished trial, of more trials than before", "[engine]") {
  Study study = study_with(spec_of(10, 3), 1);
  run_to_end(study, completed(1.0));
  run_to_end(study, completed(1.0));
  CHECK(is_refused(study, TrialRecommended{.trial = 0, .value = 1.0, .finished = 2}));  // it runs
  CHECK(is_refused(study, TrialRecommended{.trial = 3, .value = 1.0, .finished = 2}));
  CHECK(is_refused(study, TrialRecommended{.trial = 1, .value = 1.0, .finished = 3}));
  happens(study, TrialRecommended{.trial = 1, .value = 1.0, .finished = 1});
  CHECK(is_refused(study, TrialRecommended{.trial = 1, .value = 1.0, .finished = 1}));
}

}  // namespace hpo::engine
