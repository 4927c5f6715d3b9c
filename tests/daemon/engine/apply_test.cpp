// What events do to a study: retries, cancels, budgets, and what cannot have happened.
#include <catch2/catch.hpp>
#include <chrono>
#include <limits>

#include "tests/daemon/engine/build.hpp"

namespace hpo::engine {

using namespace std::chrono_literals;

TEST_CASE("a job that a person cancelled in the batch system is not tried again", "[engine]") {
  Study study = study_with(spec_of(1, 1), 1);
  Outcome outcome = cancelled();
  outcome.is_unwanted = true;
  outcome.message = "the job was cancelled in Slurm";
  const Changes changes = ends(study, 0, outcome);
  CHECK(changes.trial->state == TrialState::cancelled);
  CHECK(changes.trial->message == outcome.message);
  CHECK(study.progress.failed == 0);
  CHECK(study.progress.failures_alike == 0);
}

SCENARIO("a trial that loses its job is retried, then fails", "[engine]") {
  GIVEN("a running trial that may be retried once") {
    StudySpec spec = spec_of(1, 1);
    spec.retry.max = 1;
    Study study = study_with(spec, 1);
    WHEN("its job is lost") {
      ends(study, 0, lost());
      THEN("it waits for another attempt, and nothing else is planned") {
        CHECK(study.waiting.contains(0));
        CHECK(due(study) == Lines{"start 0/2"});
      }
      THEN("a second loss is its end") {
        start(study, 0);
        const Changes changes = ends(study, 0, lost());
        CHECK(changes.trial->state == TrialState::failed);
        CHECK(changes.trial->failure == FailureClass::lost);
        CHECK(study.progress.failed == 1);
        CHECK(study.progress.attempts == 2);
      }
    }
  }
}

TEST_CASE("only exit code 75 and the classes of retry.on are tried again", "[engine]") {
  const auto [outcome, expected] = GENERATE(table<Outcome, TrialState>({
      {lost(), TrialState::waiting},
      {failed(FailureClass::node_fail), TrialState::waiting},
      {failed(FailureClass::infrastructure), TrialState::waiting},
      {cancelled(), TrialState::waiting},  // not by us: preempted
      {exited(75), TrialState::waiting},
      {exited(1), TrialState::failed},
      {failed(FailureClass::out_of_memory), TrialState::failed},
      {failed(FailureClass::no_result), TrialState::failed},
      {{.status = OutcomeStatus::infeasible}, TrialState::infeasible},
      {{.status = OutcomeStatus::pruned}, TrialState::pruned},
      {completed(1.0), TrialState::completed}}));
  Study study = study_with(spec_of(1, 1), 1);
  CHECK(ends(study, 0, outcome).trial->state == expected);
}

TEST_CASE("exit code 75 is tried again within retry.max, then the trial fails", "[engine]") {
  StudySpec spec = spec_of(1, 1);
  spec.retry.max = GENERATE(0, 1, 4);
  Study study = study_with(spec, 1);
  int attempts = 1;
  for (; ends(study, 0, exited(75)).trial->state == TrialState::waiting; ++attempts) {
    start(study, 0);
  }
  CHECK(attempts == spec.retry.max + 1);
  CHECK(study.progress.failed == 1);
}

TEST_CASE("a job that others took away is preempted, not cancelled", "[engine]") {
  StudySpec spec = spec_of(1, 1);
  spec.retry.max = 0;
  Study study = study_with(spec, 1);
  const Changes changes = ends(study, 0, cancelled());
  CHECK(changes.trial->state == TrialState::failed);
  CHECK(changes.trial->failure == FailureClass::preempted);
  CHECK(changes.attempt->state == AttemptState::failed);
  CHECK(changes.attempt->outcome.failure == FailureClass::preempted);
}

SCENARIO("an absent submission is the same attempt under a new name", "[engine]") {
  GIVEN("a submission without a clear answer") {
    Study study = study_of(spec_of(1, 1));
    add_trials(study, 1);
    happens(study, AttemptSubmitting{.trial = 0, .attempt = 1, .job = "a"});
    happens(study, AttemptUnknown{0, 1, "timed out"});
    REQUIRE(due(study) == Lines{"locate 0/1"});
    WHEN("it turns out never to have been") {
      happens(study, AttemptAbsent{0, 1, ""});
      THEN("the same attempt is due, and no attempt is counted") {
        CHECK(due(study) == Lines{"start 0/1"});
        happens(study, AttemptSubmitting{.trial = 0, .attempt = 1, .job = "b"});
        CHECK(study.open.at(0).trial.attempts == 1);
        CHECK(study.progress.attempts == 1);
        CHECK(study.open.at(0).attempt->job == "b");
      }
      THEN("an answer about the old name is refused") {
        happens(study, AttemptSubmitting{.trial = 0, .attempt = 1, .job = "b"});
        CHECK(is_refused(study, AttemptSubmitted{.trial = 0, .attempt = 1, .job = "a"}));
      }
      THEN("a second attempt is refused") {
        CHECK(is_refused(study, AttemptSubmitting{.trial = 0, .attempt = 2, .job = "b"}));
      }
    }
    WHEN("it was cancelled before that was known") {
      happens(study, TrialCancelling{0});
      const Changes changes = happens(study, AttemptAbsent{0, 1, ""});
      THEN("the trial is cancelled, and not submitted again") {
        CHECK(changes.attempt->state == AttemptState::absent);
        CHECK(changes.trial->state == TrialState::cancelled);
        CHECK(study.open.empty());
      }
    }
  }
}

TEST_CASE("a rejected submission is a failed attempt", "[engine]") {
  StudySpec spec = spec_of(1, 1);
  spec.retry.on = {FailureClass::rejected};
  Study study = study_of(spec);
  add_trials(study, 1);
  happens(study, AttemptSubmitting{.trial = 0, .attempt = 1, .job = "a"});
  const Changes changes = happens(study, AttemptRejected{.trial = 0, .message = "no account"});
  CHECK(changes.attempt->state == AttemptState::rejected);
  CHECK(changes.trial->state == TrialState::waiting);
  CHECK(due(study) == Lines{"start 0/2"});
}

TEST_CASE("the best trial is the first with the best value, patience counts from it", "[engine]") {
  const auto [direction, best, since] = GENERATE(table<Direction, int, int>({
      {Direction::minimize, 1, 4}, {Direction::maximize, 2, 3}}));
  StudySpec spec = spec_of(10, 1);
  spec.objective.direction = direction;
  Study study = study_of(spec);
  for (const double value : {2.0, 1.0, 3.0, 1.0, 3.0}) run_to_end(study, completed(value));
  run_to_end(study, exited(1));
  CHECK(study.progress.best_trial == best);
  CHECK(study.progress.finished_since_best == since);
}

TEST_CASE("a cancelled trial says nothing about the search", "[engine]") {
  Study study = study_of(spec_of(10, 1));
  run_to_end(study, completed(1.0));
  add_trials(study, 1);
  happens(study, TrialCancelled{1});
  CHECK(study.progress.finished_since_best == 0);
}

TEST_CASE("values belong to completed trials and failure classes to failed ones", "[engine]") {
  Study study = study_with(spec_of(3, 2), 2);
  Outcome pruned = completed(0.5);
  pruned.status = OutcomeStatus::pruned;
  CHECK_FALSE(ends(study, 0, pruned).trial->value);
  CHECK_FALSE(study.progress.best_trial);
  Outcome mixed = completed(0.5);
  mixed.failure = FailureClass::signal;
  CHECK_FALSE(ends(study, 1, mixed).trial->failure);
}

TEST_CASE("an outcome that lacks what its status promises is a failure", "[engine]") {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const auto [outcome, expected] = GENERATE(table<Outcome, FailureClass>({
      {completed(-infinity), FailureClass::bad_result},
      {completed(std::numeric_limits<double>::quiet_NaN()), FailureClass::bad_result},
      {{.status = OutcomeStatus::completed}, FailureClass::bad_result},
      {{.status = OutcomeStatus::failed}, FailureClass::infrastructure},
      {{.status = OutcomeStatus::lost}, FailureClass::lost}}));
  StudySpec spec = spec_of(1, 1);
  spec.retry.max = 0;
  Study study = study_with(spec, 1);
  const Changes changes = ends(study, 0, outcome);
  CHECK(changes.trial->state == TrialState::failed);
  CHECK(changes.trial->failure == expected);
  CHECK_FALSE(study.progress.best_value);
}

SCENARIO("a retry in a cancelled study does not go on with its search", "[engine]") {
  Study study = study_of(spec_of(5, 1));
  run_to_end(study, exited(1));
  happens(study, StudyCancelling{});
  happens(study, StudyEnded{StudyState::cancelled, StudyReason::user});
  happens(study, StudyReopened{});
  happens(study, TrialCreated{.trial = 1, .origin = Origin::retry, .retry_of = 0});
  CHECK(study.trials_total() == 2);
  CHECK(due(study) == Lines{"start 1/1"});
  start(study, 1);
  ends(study, 1, completed(1.0));
  CHECK(due(study) == Lines{"end finished trials"});
}

SCENARIO("a retried trial adds to the budget and takes a failure off", "[engine]") {
  StudySpec spec = spec_of(1, 1);
  spec.budget.max_failures = 0;
  Study study = study_of(spec);
  run_to_end(study, exited(1));
  happens(study, StudyEnded{StudyState::failed, StudyReason::max_failures});
  happens(study, StudyReopened{});
  happens(study, TrialCreated{.trial = 1, .origin = Origin::retry, .retry_of = 0});
  CHECK(study.trials_total() == 2);
  CHECK(due(study) == Lines{"start 1/1"});
  AND_THEN("nothing but another retry goes beyond that") {
    CHECK(is_refused(study, TrialCreated{.trial = 2, .origin = Origin::enqueued}));
    CHECK(is_refused(study, TrialCreated{.trial = 2, .origin = Origin::retry}));
    CHECK(is_refused(study, TrialCreated{.trial = 2, .origin = Origin::retry, .retry_of = 1}));
    CHECK(is_refused(study, TrialCreated{.trial = 2, .origin = Origin::strategy, .retry_of = 0}));
    CHECK_FALSE(is_refused(study, TrialCreated{.trial = 2, .origin = Origin::retry,
                                               .retry_of = 0}));
  }
}

TEST_CASE("time that passes is counted with the event that carries it, not with a refused one",
          "[engine]") {
  Study study = study_of(spec_of(1, 1));
  REQUIRE(apply(study, {.elapsed_ns = 5, .body = TimePassed{}}));
  REQUIRE(apply(study, {.elapsed_ns = 7, .body = TrialCreated{}}));
  CHECK_FALSE(apply(study, {.elapsed_ns = 9, .body = StudyResumed{}}));
  CHECK(study.progress.spent_ns == 12);
}

TEST_CASE("a study changes its state only along the drawn lines", "[engine]") {
  using S = StudyState;
  const auto [state, taken] = GENERATE(table<S, std::string>({
      {S::running, "pause cancel finish fail"}, {S::paused, "resume cancel"},
      {S::cancelling, "cancel cancelled"}, {S::finished, "reopen"}, {S::failed, "reopen"},
      {S::cancelled, "reopen"}}));
  const auto [name, body] = GENERATE(table<std::string, Body>({
      {"pause", StudyPaused{}}, {"resume", StudyResumed{}}, {"cancel", StudyCancelling{}},
      {"finish", StudyEnded{S::finished, StudyReason::trials}},
      {"fail", StudyEnded{S::failed, StudyReason::max_failures}},
      {"cancelled", StudyEnded{S::cancelled, StudyReason::user}},
      {"not an end", StudyEnded{S::paused, StudyReason::user}}, {"reopen", StudyReopened{}}}));
  Study study = study_of(spec_of(1, 1));
  study.progress.state = state;
  const bool is_legal = (" " + taken + " ").find(" " + name + " ") != std::string::npos;
  INFO(word(state) << ": " << name);
  CHECK(is_refused(study, body) != is_legal);
}

TEST_CASE("a study with open trials does not end", "[engine]") {
  Study study = study_with(spec_of(1, 1), 1);
  CHECK(is_refused(study, StudyEnded{StudyState::finished, StudyReason::trials}));
}

TEST_CASE("attempts start only in a running study, within its places, in order", "[engine]") {
  Study study = study_with(spec_of(9, 2), 1);
  add_trials(study, 2);
  const auto attempt = [](int trial, int number) {
    return AttemptSubmitting{.trial = trial, .attempt = number, .job = "x"};
  };
  CHECK(is_refused(study, attempt(0, 2)));   // one live attempt at most
  CHECK(is_refused(study, attempt(1, 2)));   // consecutive numbers
  CHECK(is_refused(study, attempt(7, 1)));   // no such trial
  Study paused = study;
  happens(paused, StudyPaused{});
  CHECK(is_refused(paused, attempt(1, 1)));
  happens(study, attempt(1, 1));
  CHECK(is_refused(study, attempt(2, 1)));   // both places are taken
}

TEST_CASE("a cancel needs a job to go through, or none at all", "[engine]") {
  Study study = study_with(spec_of(9, 2), 1);
  add_trials(study, 1);
  CHECK(is_refused(study, TrialCancelled{0}));
  CHECK(is_refused(study, TrialCancelling{1}));
  CHECK_FALSE(is_refused(study, TrialCancelling{0}));
  CHECK_FALSE(is_refused(study, TrialCancelled{1}));
  CHECK(is_refused(study, TrialCancelled{1}));  // finished is finished
}

}  // namespace hpo::engine
