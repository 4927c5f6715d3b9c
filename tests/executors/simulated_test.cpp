// Simulated jobs: a pure function of their id and the clock.
#include <catch2/catch.hpp>
#include <cmath>

#include "executors/simulated_plan.hpp"
#include "tests/executors/support.hpp"

using namespace hpo;
using test::make;

namespace {

constexpr std::int64_t second = 1'000'000'000;

JobRequest request(const std::string& name, SimulatedSpec simulated) {
  JobRequest asked;
  asked.job.name = name;
  asked.spec.params = R"({"x": 1, "on": false, "name": "relu"})";
  asked.spec.seed = 7;
  asked.executor.simulated = simulated;
  return asked;
}

JobStatus poll(Executor& executor, const Job& job) {
  return executor.poll(std::span(&job, 1))->front();
}

}  // namespace

TEST_CASE("simulated: a job runs for its time and completes with a smooth value", "[simulated]") {
  std::int64_t now = 5 * second;
  auto executor = make("simulated", [&] { return now; });
  JobRequest asked = request("a", {.seconds_min = 2.0, .seconds_max = 2.0});
  asked.job.native_id = executor->submit(asked)->native_id;
  now = 7 * second - 1;
  CHECK(poll(*executor, asked.job).state == JobState::running);
  now = 7 * second;
  const JobStatus status = poll(*executor, asked.job);
  REQUIRE(status.state == JobState::ended);
  CHECK(*status.outcome->value == Approx(0.25 * 0.25 + 0.25 * 0.25));
}

TEST_CASE("simulated: a job goes on through a restart of the daemon", "[simulated]") {
  std::int64_t now = 0;
  JobRequest asked = request("a", {.seconds_min = 2.0, .seconds_max = 2.0});
  asked.job.native_id = make("simulated", [&] { return now; })->submit(asked)->native_id;
  auto restarted = make("simulated", [&] { return now; });
  CHECK(poll(*restarted, asked.job).state == JobState::running);
  now = 2 * second;
  CHECK(poll(*restarted, asked.job).state == JobState::ended);
}

TEST_CASE("simulated: fates and durations follow their fractions, and repeat", "[simulated]") {
  const SimulatedSpec spec{.seconds_min = 1.0, .seconds_max = 3.0, .failures = 0.2,
                           .losses = 0.1};
  int failures = 0;
  int losses = 0;
  double sum_s = 0.0;
  constexpr int jobs = 10'000;
  for (int i = 0; i < jobs; ++i) {
    JobRequest asked = request("hpo", spec);
    asked.spec.trial = i;
    const SimulatedPlan plan = simulated_plan(asked, 0);
    CHECK(plan == simulated_plan(asked, 0));
    CHECK(simulated_plan_from(to_text(plan)) == plan);
    failures += plan.fate == SimulatedFate::fails;
    losses += plan.fate == SimulatedFate::vanishes;
    sum_s += static_cast<double>(plan.end_ns) * 1e-9;
  }
  CHECK(std::abs(failures - 2000) < 200);  // five standard deviations
  CHECK(std::abs(losses - 1000) < 150);
  CHECK(sum_s / jobs == Approx(2.0).margin(0.03));
}

TEST_CASE("simulated: a fate hangs on seed, trial and attempt, not on the job's name",
          "[simulated]") {
  const SimulatedSpec spec{.seconds_min = 1.0, .seconds_max = 3.0};
  JobRequest asked = request("hpoaaaaa", spec);
  const SimulatedPlan plan = simulated_plan(asked, 0);
  CHECK(simulated_plan(request("hpobbbbb", spec), 0) == plan);
  asked.spec.attempt = 2;
  CHECK(simulated_plan(asked, 0) != plan);
  asked.spec = request("", spec).spec;
  asked.spec.trial = 1;
  CHECK(simulated_plan(asked, 0) != plan);
  asked.spec = request("", spec).spec;
  asked.spec.seed = 8;
  CHECK(simulated_plan(asked, 0) != plan);
}

TEST_CASE("simulated: failures fail, losses are gone without a word", "[simulated]") {
  std::int64_t now = 0;
  auto executor = make("simulated", [&] { return now; });
  JobRequest failing = request("a", {.failures = 1.0});
  failing.job.native_id = executor->submit(failing)->native_id;
  const JobStatus failed = poll(*executor, failing.job);
  CHECK(failed.outcome->status == OutcomeStatus::failed);
  CHECK(failed.outcome->failure == FailureClass::exit_code);
  JobRequest lost = request("b", {.losses = 1.0});
  lost.job.native_id = executor->submit(lost)->native_id;
  CHECK(poll(*executor, lost.job).state == JobState::gone);
}

TEST_CASE("simulated: a cancelled job stays cancelled, a finished one stays finished",
          "[simulated]") {
  std::int64_t now = 0;
  auto executor = make("simulated", [&] { return now; });
  JobRequest asked = request("a", {.seconds_min = 2.0, .seconds_max = 2.0});
  asked.job.native_id = executor->submit(asked)->native_id;
  JobRequest other = request("b", {.seconds_min = 2.0, .seconds_max = 2.0});
  other.job.native_id = executor->submit(other)->native_id;
  REQUIRE(executor->cancel({&asked.job, 1}).has_value());
  CHECK(poll(*executor, asked.job).outcome->status == OutcomeStatus::cancelled);
  now = 3 * second;
  CHECK(poll(*executor, asked.job).outcome->status == OutcomeStatus::cancelled);
  REQUIRE(executor->cancel({&other.job, 1}).has_value());
  CHECK(poll(*executor, other.job).outcome->status == OutcomeStatus::completed);
}

TEST_CASE("simulated: after a reboot of the machine its jobs are gone", "[simulated]") {
  std::int64_t now = 100 * second;
  auto executor = make("simulated", [&] { return now; });
  JobRequest asked = request("a", {.seconds_min = 2.0, .seconds_max = 2.0});
  asked.job.native_id = executor->submit(asked)->native_id;
  now = 1 * second;
  CHECK(poll(*executor, asked.job).state == JobState::gone);
}

TEST_CASE("simulated: an id that is none is unknown, not fatal", "[simulated]") {
  auto executor = make("simulated", [] { return 0; });
  for (const char* id : {"sim", "1:2:3", "sim:a:b:completes:0", "sim:0:1:dreams:0", ":::::"}) {
    CHECK(poll(*executor, {.name = "a", .directory = "", .native_id = id}).state ==
          JobState::unknown);
  }
}
