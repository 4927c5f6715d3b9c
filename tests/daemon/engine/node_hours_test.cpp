// The node-hours of a batch system: what counts, what may start, and how a study ends by them.
#include <chrono>
#include <limits>

#include "tests/daemon/engine/build.hpp"

namespace hpo::engine {

using namespace std::chrono_literals;

namespace {

constexpr std::int64_t hour_ms = 3'600'000;

// Jobs of one node-hour: two nodes for half an hour each.
StudySpec batch_spec(int trials, int parallel, std::optional<double> node_hours) {
  StudySpec spec = spec_of(trials, parallel);
  spec.executor = {.type = "slurm", .time = 30min,
                   .batch = {.nodes = 2, .memory_bytes = std::int64_t{1} << 30U}};
  spec.budget.node_hours = node_hours;
  spec.retry = {.max = 5, .on = {FailureClass::timeout, FailureClass::out_of_memory,
                                 FailureClass::lost},
                .scale = {.memory = 1.5, .time = 2.0}};
  return spec;
}

Outcome after(Outcome outcome, std::chrono::nanoseconds run) {
  outcome.started_ns = 1'000;
  outcome.ended_ns = 1'000 + run.count();
  return outcome;
}

Asked asked(const Study& study, int trial) { return study.open.at(trial).attempt->asked; }

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
  add_trials(study, 1);
  start(study, 1);
  CHECK(asked(study, 1) == Asked{});
}

SCENARIO("an attempt after a timeout asks for more time, after out_of_memory for more memory",
         "[engine]") {
  constexpr std::int64_t gibibyte = std::int64_t{1} << 30U;
  Study study = study_with(batch_spec(10, 1, std::nullopt), 1);
  const auto again = [&](FailureClass failure) {
    ends(study, 0, failed(failure));
    start(study, 0);
    return asked(study, 0);
  };
  CHECK(asked(study, 0) == Asked{30min, gibibyte});
  CHECK(again(FailureClass::lost) == Asked{30min, gibibyte});
  CHECK(again(FailureClass::timeout) == Asked{1h, gibibyte});
  CHECK(again(FailureClass::out_of_memory) == Asked{1h, gibibyte * 3 / 2});
  CHECK(again(FailureClass::lost) == Asked{1h, gibibyte * 3 / 2});
  CHECK(again(FailureClass::timeout) == Asked{2h, gibibyte * 3 / 2});
}

SCENARIO("an absent attempt asks for the same again", "[engine]") {
  Study study = study_with(batch_spec(10, 1, 4.0), 1);
  ends(study, 0, failed(FailureClass::timeout));
  happens(study, AttemptSubmitting{.trial = 0, .attempt = 2, .job = "a"});
  happens(study, AttemptAbsent{0, 2, ""});
  CHECK(due(study) == Lines{"start 0/2", "ask 1 +1"});
  happens(study, AttemptSubmitting{.trial = 0, .attempt = 2, .job = "b"});
  CHECK(asked(study, 0).time == 1h);
}

TEST_CASE("what a retry asks for is rounded up to minutes and mebibytes, and has a limit",
          "[engine]") {
  constexpr std::int64_t mebibyte = std::int64_t{1} << 20U;
  const auto [before, factor, after_it] = GENERATE(table<Asked, double, Asked>({
      {{60min, 1000 * mebibyte}, 1.1, {66min, 1100 * mebibyte}},
      {{45s, mebibyte + 1}, 1.5, {2min, 2 * mebibyte}},
      {{90s, mebibyte + 1}, 1.0, {90s, mebibyte + 1}},
      {{attempt_time_max - 1s, memory_bytes_max - 1}, 10.0, {attempt_time_max, memory_bytes_max}},
      {{std::nullopt, std::nullopt}, 2.0, {std::nullopt, std::nullopt}}}));
  StudySpec spec = batch_spec(10, 1, std::nullopt);
  spec.executor.time = before.time;
  spec.executor.batch.memory_bytes = before.memory_bytes;
  spec.retry.scale = {factor, factor};
  Study study = study_with(spec, 1);
  for (const auto failure : {FailureClass::timeout, FailureClass::out_of_memory}) {
    ends(study, 0, failed(failure));
    start(study, 0);
  }
  CHECK(asked(study, 0) == after_it);
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
