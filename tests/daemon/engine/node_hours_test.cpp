// The node-hours of a batch system: what counts, what may start, and how a study ends by them.
#include <catch2/catch.hpp>
#include <chrono>
#include <limits>

#include "tests/daemon/engine/build.hpp"

namespace hpo::engine {

using namespace std::chrono_literals;

namespace {

constexpr std::int64_t hour_ms = 3'600'000;

Outcome after(Outcome outcome, std::chrono::nanoseconds run) {
  outcome.started_ns = 1'000;
  outcome.ended_ns = 1'000 + run.count();
  return outcome;
}

}  // namespace

SCENARIO("jobs that wait or run count with all that they ask for", "[engine]") {
  Study study = study_of(batch_spec(10, 8, 3.0));
  CHECK(due(study) == Lines{"ask 0 +3"});
  add_trials(study, 4);
  CHECK(due(study) == Lines{"start 0/1", "start 1/1", "start 2/1"});
  for (const int trial : {0, 1, 2}) start(study, trial);
  CHECK(due(study).empty());
  CHECK(objection(study, AttemptSubmitting{.trial = 3, .attempt = 1, .job = "x"}) ==
        "more node-hours than the study may use");
  WHEN("one ends early") {
    ends(study, 0, after(completed(1.0), 15min));
    THEN("what it has not used is not yet enough") {
      CHECK(study.progress.spent_node_ms == hour_ms / 2);
      CHECK(due(study).empty());
    }
    THEN("with that of another one it is") {
      ends(study, 1, after(exited(1), 15min));
      CHECK(due(study) == Lines{"start 3/1"});
    }
  }
}

SCENARIO("a study whose node-hours are used up ends", "[engine]") {
  Study study = study_with(batch_spec(10, 2, 2.0), 2);
  add_trials(study, 1);
  REQUIRE(due(study).empty());
  ends(study, 0, after(completed(1.0), 30min));
  THEN("as soon as no trial can start any more, none waits for it") {
    ends(study, 1, after(completed(1.0), 1ns));
    CHECK(study.progress.spent_node_ms == hour_ms + 2);  // begun milliseconds count
    CHECK(due(study) == Lines{"drop 2"});
    happens(study, TrialCancelled{2});
    CHECK(due(study) == Lines{"end finished node_hours"});
  }
  THEN("to the last millisecond, and not before") {
    ends(study, 1, after(completed(1.0), 0ns));
    CHECK(due(study) == Lines{"start 2/1"});
  }
}

SCENARIO("a study that has tried all its trials has not run out of node-hours", "[engine]") {
  Study study = study_with(batch_spec(2, 2, 2.0), 2);
  ends(study, 0, after(completed(1.0), 29min));
  ends(study, 1, after(completed(1.0), 29min));
  CHECK(due(study) == Lines{"end finished trials"});
}

SCENARIO("three alike failures do not pause a study that could start nothing anyway", "[engine]") {
  Study study = study_with(batch_spec(10, 3, 3.0), 3);
  for (const int trial : {0, 1, 2}) ends(study, trial, after(exited(1), 30min));
  CHECK(due(study) == Lines{"end finished node_hours"});
}

TEST_CASE("an attempt counts with the time that it took, or else with what it may have used",
          "[engine]") {
  Study study = study_of(batch_spec(10, 1, std::nullopt));
  add_trials(study, 1);
  happens(study, AttemptSubmitting{.trial = 0, .attempt = 1, .job = "a"});
  SECTION("rejected: nothing") { happens(study, AttemptRejected{0, 1}); }
  SECTION("cancelled while it was queued: nothing") {
    happens(study, AttemptSubmitted{0, 1, "a", "id", false});
    ends(study, 0, cancelled());
  }
  SECTION("absent and dropped: nothing") {
    happens(study, AttemptAbsent{0, 1, ""});
    happens(study, TrialCancelled{0});
  }
  SECTION("seen to run, and ended at an unknown time: all that it asked for") {
    happens(study, AttemptSubmitted{0, 1, "a", "id", true});
    ends(study, 0, cancelled());
    CHECK(study.progress.spent_node_ms == hour_ms);
    return;
  }
  SECTION("longer than it asked for: what it took") {
    ends(study, 0, after(exited(1), 45min));
    CHECK(study.progress.spent_node_ms == hour_ms * 3 / 2);
    return;
  }
  CHECK(study.progress.spent_node_ms == 0);
}

SCENARIO("a lost attempt counts with all that it asked for, until it tells its time", "[engine]") {
  Study study = study_with(batch_spec(10, 1, 10.0), 1);
  ends(study, 0, lost());
  REQUIRE(study.progress.spent_node_ms == hour_ms);
  GIVEN("a late result") {
    happens(study, AttemptEnded{0, 1, after(completed(1.0), 15min)});
    CHECK(study.progress.spent_node_ms == hour_ms / 2);
  }
  GIVEN("a late result without a time") {
    happens(study, AttemptEnded{0, 1, completed(1.0)});
    CHECK(study.progress.spent_node_ms == hour_ms);
  }
}

SCENARIO("a time that a lost attempt tells is not its end: it may go on", "[engine]") {
  Study study = study_with(batch_spec(10, 1, 10.0), 1);
  ends(study, 0, after(lost(), 15min));
  CHECK(study.progress.spent_node_ms == hour_ms);
  GIVEN("a late result that took longer") {
    happens(study, AttemptEnded{0, 1, after(completed(1.0), 20min)});
    CHECK(study.progress.spent_node_ms == hour_ms * 2 / 3);
  }
  GIVEN("a late result without a time") {
    happens(study, AttemptEnded{0, 1, completed(1.0)});
    CHECK(study.progress.spent_node_ms == hour_ms);
  }
}

TEST_CASE("a spoiled exit file cannot overflow the sum", "[engine]") {
  Study study = study_of(batch_spec(10'000, 1, std::nullopt));
  auto spec = *study.spec;
  spec.executor.batch.nodes = 100'000;
  study.spec = std::make_shared<const StudySpec>(spec);
  const auto ages = std::chrono::nanoseconds(std::numeric_limits<std::int64_t>::max() - 2'000);
  for (int i = 0; i < 1000; ++i) run_to_end(study, after(completed(1.0), ages));
  CHECK(study.progress.spent_node_ms > 0);
}

TEST_CASE("on this node no node-hours are counted", "[engine]") {
  StudySpec spec = spec_of(10, 1);
  spec.executor.time = 1h;
  Study study = study_of(spec);
  run_to_end(study, after(completed(1.0), 30min));
  CHECK(study.progress.spent_node_ms == 0);
}

SCENARIO("a retry that asks for more waits for its node-hours, and others wait behind it",
         "[engine]") {
  Study study = study_with(batch_spec(10, 3, 4.5), 3);
  ends(study, 0, after(failed(FailureClass::timeout), 30min));  // next time: two node-hours
  add_trials(study, 1);
  CHECK(due(study).empty());  // one and a half are free, and trial 3 asks for one
  WHEN("what runs gives back enough") {
    ends(study, 1, after(completed(1.0), 15min));
    CHECK(due(study) == Lines{"start 0/2"});
  }
  WHEN("what runs has used too much") {
    ends(study, 1, after(completed(1.0), 30min));
    ends(study, 2, after(completed(1.0), 30min));
    THEN("it is dropped, and the next one starts") {
      CHECK(due(study) == Lines{"drop 0", "start 3/1"});
    }
  }
}

SCENARIO("a trial whose next attempt could never start has failed", "[engine]") {
  Study study = study_with(batch_spec(10, 1, 2.5), 1);
  const Changes changes = ends(study, 0, after(failed(FailureClass::timeout), 30min));
  CHECK(changes.trial->state == TrialState::failed);
  CHECK(due(study) == Lines{"ask 1 +1"});
}

}  // namespace hpo::engine
