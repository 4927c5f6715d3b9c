// What a dead runner leaves behind on this machine is ended: before its job is said to be gone,
// before the next attempt starts, and by a cancel.
#include <catch2/catch.hpp>

#include "executors/runner/files.hpp"
#include "tests/executors/local_jobs.hpp"

using namespace hpo;
using namespace hpo::test;

TEST_CASE("local: a job whose runner was killed is gone with all that it started", "[local]") {
  Local local;
  Scene scene(shell("setsid sh -c 'env -u HPO_JOB sleep 1000 & echo $! > hidden; sleep 1000' &\n"
                    "sleep 1000 & echo $! > child; sleep 1000"));
  local.submit(scene);
  const std::vector<int> below{number_in(scene.workdir() + "/child"),
                               number_in(scene.workdir() + "/hidden")};
  SECTION("seen by a poll") {
    local.kill_runner(scene);
    CHECK(local.poll_until_over(scene.job).state == JobState::gone);
  }
  SECTION("found by name, by another daemon") {
    local.kill_runner(scene);
    CHECK(Local().executor->find(without_id(scene.job))->state == JobState::gone);
  }
  for (const int pid : below) CHECK(is_gone(pid));
}

TEST_CASE("local: what a dead attempt left behind is ended before the next one starts",
          "[local]") {
  Local local;
  Scene scene(shell("setsid sh -c 'env -u HPO_JOB sleep 1000 & echo $! > hidden; sleep 1000' &\n"
                    "sleep 1000 & echo $! > child; sleep 1000"));
  local.submit(scene);
  const int child = number_in(scene.workdir() + "/child");
  const int hidden = number_in(scene.workdir() + "/hidden");
  local.kill_runner(scene);
  CHECK_FALSE(is_gone(child));
  CHECK_FALSE(is_gone(hidden));

  Scene next(shell("echo 'hpo-result {\"auc\": 1}'"));
  next.job.name = scene.job.name + "b";
  local.submit(next, {scene.job.name});
  CHECK(is_gone(child));
  CHECK(is_gone(hidden));
  CHECK(local.poll_until_over(next.job).outcome->value == 1.0);
}

TEST_CASE("local: a job without a runner is cancelled to the last process", "[local]") {
  Local local;
  Scene scene(shell("sleep 1000 & echo $! > child; sleep 1000"));
  local.submit(scene);
  const int child = number_in(scene.workdir() + "/child");
  local.kill_runner(scene);
  CHECK_FALSE(is_gone(child));
  REQUIRE(local.executor->cancel({&scene.job, 1}).has_value());
  CHECK(is_gone(child));
}

TEST_CASE("local: what cleared its environment is ended by its session", "[local]") {
  Local local;
  Scene scene(shell("env -i /bin/sh -c 'sleep 1000 & echo $! > child; sleep 1000'"));
  local.submit(scene);
  const int child = number_in(scene.workdir() + "/child");
  REQUIRE(test::wait_until([&] { return test::exists(scene.file("claim")); }));
  local.kill_runner(scene);
  CHECK_FALSE(is_gone(child));
  SECTION("seen by a poll") { CHECK(local.poll_until_over(scene.job).state == JobState::gone); }
  SECTION("by a cancel") { CHECK(local.executor->cancel({&scene.job, 1}).has_value()); }
  SECTION("before the next attempt starts") {
    Job next = scene.job;
    next.name += "b";
    next.directory = runner::parent_of(scene.job.directory) + "/2";
    AttemptSpec spec = scene.spec;
    spec.attempt = 2;
    spec.command = {"true"};
    REQUIRE(local.executor->submit({.job = next, .spec = spec,
                                    .predecessors = {scene.job.name}}).has_value());
    local.poll_until_over(next);
  }
  CHECK(is_gone(child));
}
