// Jobs on this machine: found again, and never confused with strangers.
#include <fcntl.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "executors/runner/claim.hpp"
#include "tests/executors/local_jobs.hpp"

using namespace hpo;
using namespace hpo::test;
using Catch::Contains;

TEST_CASE("local: a job runs and ends with its outcome", "[local]") {
  Local local;
  Scene scene(shell("echo 'hpo-result {\"auc\": 0.5}'"));
  local.submit(scene);
  const JobStatus status = local.poll_until_over(scene.job);
  CHECK(status.state == JobState::ended);
  CHECK(status.outcome->value == 0.5);
  CHECK(local.poll(scene.job).state == JobState::ended);
  const int pid = runner::process_id_from(scene.job.native_id)->pid;
  CHECK(wait_until([&] { local.poll(scene.job); return !runner::find_process(pid); }));  // reaped
}

TEST_CASE("local: the runner inherits no descriptors and no environment of the daemon",
          "[local]") {
  Local local;
  ::setenv("HPO_TEST_LEAK", "secret", 1);
  Scene scene(shell("tr '\\0' '\\n' < /proc/$PPID/environ > environ; "
                    "ls -l /proc/$PPID/fd > fds; ls /proc/self/fd > own"));
  const int leak = ::open((scene.workdir() + "/leak").c_str(), O_CREAT | O_WRONLY, 0600);
  REQUIRE(leak >= 0);
  REQUIRE((::fcntl(leak, F_GETFD) & FD_CLOEXEC) == 0);
  local.submit(scene);
  local.poll_until_over(scene.job);
  ::close(leak);
  ::unsetenv("HPO_TEST_LEAK");
  const std::string environment = test::read(scene.workdir() + "/environ");
  CHECK_THAT(environment, Contains("HPO_JOB=" + scene.job.name + "\n"));
  CHECK_THAT(environment, !Contains("HPO_TEST_LEAK"));
  CHECK(std::count(environment.begin(), environment.end(), '\n') == 2);
  CHECK(test::read(scene.workdir() + "/own") == "0\n1\n2\n3\n");  // 3: the directory being listed
  CHECK_THAT(test::read(scene.workdir() + "/fds"), Contains("0 -> ") && !Contains("/leak"));
}

TEST_CASE("local: a killed runner is gone, and says why", "[local]") {
  Local local;
  Scene scene({"sleep", "1000"});
  local.submit(scene);
  CHECK(local.poll(scene.job).state == JobState::running);
  local.kill_runner(scene);
  const JobStatus status = local.poll_until_over(scene.job);
  CHECK(status.state == JobState::gone);
  CHECK_THAT(status.detail, Contains("without writing exit.json"));
}

TEST_CASE("local: a pid that belongs to another process by now is not the job", "[local]") {
  Local local;
  Scene scene({"true"});
  scene.prepare();
  const runner::ProcessId self = runner::own_process_id();
  Job job = scene.job;
  job.native_id = runner::to_text({self.pid, self.start + 1, self.boot_id});
  CHECK(local.poll(job).state == JobState::gone);
  REQUIRE(local.executor->cancel({&job, 1}).has_value());  // and we are still here
  job.native_id = runner::to_text({self.pid, self.start, "another-boot"});
  const JobStatus status = local.poll(job);
  CHECK(status.state == JobState::gone);
  CHECK_THAT(status.detail, Contains("started again"));
}

TEST_CASE("local: another daemon finds a running job by its name and directory", "[local]") {
  Scene scene({"sleep", "1000"});
  Local first;
  first.submit(scene);
  Local second;
  JobStatus found;
  REQUIRE(wait_until([&] { return test::exists(scene.file("claim")); }));
  CHECK(second.executor->find(without_id(scene.job))->native_id == scene.job.native_id);
  REQUIRE(second.executor->cancel(std::vector{without_id(scene.job)}).has_value());
  CHECK(second.poll_until_over(scene.job).outcome->status == OutcomeStatus::cancelled);
  CHECK(second.executor->find(without_id(scene.job))->state == JobState::ended);
  first.poll(scene.job);  // reaps
}

TEST_CASE("local: a job that was never submitted is absent, and its cancel succeeds", "[local]") {
  Local local;
  Scene scene({"true"});
  CHECK(local.executor->find(scene.job)->state == JobState::absent);
  CHECK(local.poll(scene.job).state == JobState::absent);
  CHECK(local.executor->cancel({&scene.job, 1}).has_value());
}

TEST_CASE("local: before its claim a job is found by HPO_JOB", "[local]") {
  Local local;
  Scene scene({"sleep", "1000"});
  local.submit(scene);
  REQUIRE(wait_until([&] { return test::exists(scene.file("claim")); }));
  ::unlink(scene.file("claim").c_str());
  const auto found = local.executor->find(without_id(scene.job));
  CHECK(found->state == JobState::running);
  CHECK(found->native_id == scene.job.native_id);
  REQUIRE(local.executor->cancel({&scene.job, 1}).has_value());
  local.poll_until_over(scene.job);
}

TEST_CASE("local: a second submission of one attempt leads to its holder", "[local]") {
  Local local;
  Scene scene(shell("echo $$ >> executions; while ! test -e go; do sleep 0.01; done;"
                    "echo 'hpo-result {\"auc\": 1}'"));
  local.submit(scene);
  const Job holder = scene.job;
  number_in(scene.workdir() + "/executions");
  scene.job.name += "again";
  local.submit(scene);
  const Job second = scene.job;
  const int pid = runner::process_id_from(second.native_id)->pid;
  REQUIRE(wait_until([&] { return is_gone(pid); }));
  const JobStatus status = local.poll(second);
  CHECK(status.state == JobState::running);
  CHECK(status.native_id == holder.native_id);
  CHECK_THAT(status.detail, Contains(holder.name));
  CHECK(local.executor->find(without_id(second))->native_id == holder.native_id);
  test::write(scene.workdir() + "/go", "");
  CHECK(local.poll_until_over(second).outcome->value == 1.0);
  CHECK(local.poll(holder).outcome->value == 1.0);
  CHECK(test::read(scene.workdir() + "/executions").find('\n') ==
        test::read(scene.workdir() + "/executions").size() - 1);
}

TEST_CASE("local: a cancel of the second submission reaches the holder", "[local]") {
  Local local;
  Scene scene(shell("echo 1 > started; exec sleep 1000"));
  local.submit(scene);
  number_in(scene.workdir() + "/started");
  scene.job.name += "again";
  local.submit(scene);
  const int pid = runner::process_id_from(scene.job.native_id)->pid;
  REQUIRE(wait_until([&] { return is_gone(pid); }));
  REQUIRE(local.executor->cancel({&scene.job, 1}).has_value());
  CHECK(local.poll_until_over(scene.job).outcome->status == OutcomeStatus::cancelled);
}

TEST_CASE("local: a cancel right after submit is not lost", "[local]") {
  for (int round = 0; round < 20; ++round) {
    Local local;
    Scene scene({"sleep", "1000"});
    local.submit(scene);
    REQUIRE(local.executor->cancel({&scene.job, 1}).has_value());
    const JobStatus status = local.poll_until_over(scene.job);
    REQUIRE(status.state == JobState::ended);
    CHECK(status.outcome->status == OutcomeStatus::cancelled);
  }
}

TEST_CASE("local: an exit.json from a copied directory is no outcome", "[local]") {
  Local local;
  Scene scene(shell("echo 'hpo-result {\"auc\": 1}'"));
  local.submit(scene);
  local.poll_until_over(scene.job);
  Scene other({"true"});
  other.job.name = "other";
  other.job.directory += "0";  // attempt 10
  other.prepare();
  test::write(other.file("exit.json"), test::read(scene.file("exit.json")));
  other.job.native_id = scene.job.native_id;
  REQUIRE(wait_until([&] { return is_gone(runner::process_id_from(scene.job.native_id)->pid); }));
  const JobStatus status = local.poll(other.job);
  CHECK(status.state == JobState::gone);
  CHECK_THAT(status.detail, Contains("another attempt"));
}

TEST_CASE("local: a directory that cannot be written is no refusal for ever", "[local]") {
  Local local;
  Scene scene({"true"});
  scene.job.directory = "/sys/hpo-test/studies/jets/trials/3/1";  // nobody makes directories there
  const auto submitted = local.executor->submit(local.request(scene));
  REQUIRE_FALSE(submitted.has_value());
  CHECK(submitted.error().code == ErrorCode::unavailable);
  CHECK_THAT(submitted.error().what, Contains("/sys/hpo-test"));
}

TEST_CASE("local: a missing program is the caller's error, a missing directory too", "[local]") {
  for (const ExecutorEntry& entry : executors()) {
    if (entry.name != "local") continue;
    ExecutorConfig config = test::config_of("/tmp", [] { return 0; });
    config.hpo_program = "hpo";
    CHECK_FALSE(entry.make(config).has_value());
    config.hpo_program = "/no/such/hpo";
    auto executor = *entry.make(config);
    Scene scene({"true"});
    const auto submitted = executor->submit({.job = scene.job, .spec = scene.spec});
    REQUIRE_FALSE(submitted.has_value());
    CHECK(submitted.error().code == ErrorCode::invalid_argument);
    CHECK_FALSE(test::exists(scene.file("claim")));
  }
}

TEST_CASE("local: a training that removes its directory ends once, and is told why", "[local]") {
  Local local;
  Scene scene(shell("rm -r $HPO_TRIAL_DIR"));
  bool has_result = false;
  SECTION("without a result") {}
  SECTION("with one on its standard output") {
    has_result = true;
    scene.spec.command = shell("rm -r $HPO_TRIAL_DIR; echo 'hpo-result {\"auc\": 1}'");
  }
  local.submit(scene);
  const JobStatus status = local.poll_until_over(scene.job);
  REQUIRE(status.state == JobState::ended);
  CHECK(status.outcome->value.has_value() == has_result);
  if (!has_result) CHECK(status.outcome->failure == FailureClass::no_result);
  CHECK_THAT(status.outcome->message, Contains("removed or moved"));
}
