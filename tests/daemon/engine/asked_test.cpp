// What each attempt of a trial asks of a batch system.
#include <catch2/catch.hpp>
#include <chrono>

#include "tests/daemon/engine/build.hpp"

namespace hpo::engine {

using namespace std::chrono_literals;

namespace {

Asked asked(const Study& study, int trial) { return study.open.at(trial).attempt->asked; }

}  // namespace

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

TEST_CASE("on this node an attempt asks for nothing", "[engine]") {
  StudySpec spec = spec_of(10, 1);
  spec.executor.time = 1h;
  CHECK(asked(study_with(spec, 1), 0) == Asked{});
}

}  // namespace hpo::engine
