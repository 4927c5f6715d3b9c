// The runner and hard trainings: deaf ones, forking ones, chatty ones, and its own death.
#include <signal.h>
#include <stdlib.h>

#include <catch2/catch.hpp>

#include "tests/executors/support.hpp"

using namespace hpo;
using test::is_gone;
using test::number_in;
using test::Scene;
using test::shell;
using test::wait_until;
using Catch::Contains;
using namespace std::chrono_literals;

namespace {

struct Watched {
  int exit_code = 0;
  double seconds = 0.0;
};

// Waits for the training to be ready, asks the runner to end, and waits for it.
Watched cancel_when_ready(const Scene& scene, pid_t runner_pid) {
  REQUIRE(wait_until([&] { return test::exists(scene.workdir() + "/ready"); }));
  const auto start = std::chrono::steady_clock::now();
  ::kill(runner_pid, SIGTERM);
  const int code = test::wait_for(runner_pid);
  return {code, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count()};
}

}  // namespace

TEST_CASE("a cancelled training gets a stop file and SIGTERM, and may clean up", "[runner]") {
  Scene scene(shell("trap 'test -e $HPO_STOP_FILE && echo saved > saved; exit 0' TERM\n"
                    ": > ready; while :; do sleep 0.01; done"));
  scene.prepare();
  CHECK(cancel_when_ready(scene, scene.start()).exit_code == 0);
  CHECK(scene.outcome().status == OutcomeStatus::cancelled);
  CHECK_FALSE(scene.outcome().failure);
  CHECK(test::exists(scene.workdir() + "/saved"));
  CHECK(test::exists(scene.ended() + "/" + scene.job.name));
}

TEST_CASE("a cancelled shell dies at once, its child still has its grace", "[runner]") {
  Scene scene(shell("sh -c 'trap \"sleep 0.2; echo saved > saved; exit 0\" TERM; : > ready; "
                    "while :; do sleep 0.01; done'; true"));
  scene.prepare();
  cancel_when_ready(scene, scene.start());
  CHECK(scene.outcome().status == OutcomeStatus::cancelled);
  CHECK(test::exists(scene.workdir() + "/saved"));
}

TEST_CASE("a training whose trial goes on elsewhere is told to end", "[runner]") {
  Scene scene(shell("trap 'cat $HPO_STOP_FILE > why; exit 0' TERM\n"
                    ": > ready; while :; do sleep 0.05; done"));
  scene.prepare();
  const pid_t runner = scene.start();
  REQUIRE(wait_until([&] { return test::exists(scene.workdir() + "/ready"); }));
  test::write(scene.file("superseded"), "hpoabcd12345678\n");
  CHECK(test::wait_for(runner) == 0);
  CHECK(scene.outcome().status == OutcomeStatus::cancelled);
  CHECK_THAT(scene.outcome().message, Contains("another attempt went on in its place"));
  CHECK(test::read(scene.workdir() + "/why") == "superseded\n");
}

TEST_CASE("a training that ignores SIGTERM is killed after its grace", "[runner]") {
  Scene scene(shell("trap '' TERM; : > ready; while :; do sleep 1; done"));
  scene.spec.grace = 1s;
  scene.prepare();
  const Watched watched = cancel_when_ready(scene, scene.start());
  CHECK(watched.seconds >= 1.0);
  CHECK(watched.seconds < 5.0);
  const Outcome outcome = scene.outcome();
  CHECK(outcome.status == OutcomeStatus::cancelled);
  CHECK(outcome.signal == SIGKILL);
  CHECK_THAT(outcome.message, Contains("grace of 1 s"));
}

TEST_CASE("a stopped training hears SIGTERM too", "[runner]") {
  Scene scene(shell(": > ready; kill -STOP $$"));
  scene.prepare();
  CHECK(cancel_when_ready(scene, scene.start()).seconds < 5.0);
  CHECK(scene.outcome().signal == SIGTERM);
}

TEST_CASE("a cancel that comes before the training starts still counts", "[runner]") {
  Scene scene({"sleep", "100"});
  scene.prepare();
  sigset_t term;
  sigset_t old;
  ::sigemptyset(&term);
  ::sigaddset(&term, SIGTERM);
  ::sigprocmask(SIG_BLOCK, &term, &old);  // inherited, as the local executor does it
  const pid_t pid = scene.start();
  ::kill(pid, SIGTERM);
  ::sigprocmask(SIG_SETMASK, &old, nullptr);
  CHECK(test::wait_for(pid) == 0);
  CHECK(scene.outcome().status == OutcomeStatus::cancelled);
}

TEST_CASE("a training that hears SIGTERM before its runner does was cancelled too", "[runner]") {
  const std::string how = GENERATE("kill -TERM $$; sleep 9", "exit 143");
  Scene scene(shell("runner=$PPID; (sleep 0.02; kill -TERM $runner) & " + how));
  CHECK(scene.carry_out().status == OutcomeStatus::cancelled);
}

TEST_CASE("the time limit ends a training as timeout", "[runner]") {
  Scene scene({"sleep", "100"});
  scene.spec.time = 1s;
  const Outcome outcome = scene.carry_out();
  CHECK(outcome.failure == FailureClass::timeout);
  CHECK(outcome.signal == SIGTERM);
  CHECK_THAT(outcome.message, Contains("time limit of 1 s"));
  CHECK(test::read(scene.file("stop")) == "time limit\n");
}

TEST_CASE("a batch job's time limit is told as what the study asked for, less the grace",
          "[runner]") {
  Scene scene({"sleep", "100"});
  scene.spec.time = 1s;
  scene.spec.job_time = 60s;
  scene.spec.grace = 54s;
  CHECK_THAT(scene.carry_out().message,
             Contains("time limit of 1 s was reached: it is the executor's \"time\" of 60 s less "
                      "its \"grace\" of 54 s and 5 s for the job's start") &&
                 Contains("Raise the executor's \"time\", lower its \"grace\", or make"));
}

TEST_CASE("what a training leaves behind is ended, in whatever session it hides", "[runner]") {
  Scene scene(shell("(trap '' TERM HUP; sleep 1000) & echo $! > child\n"
                    "setsid sh -c 'setsid sleep 1000 & echo $! > hidden; sleep 1000' &\n"
                    "while ! test -s hidden; do :; done; echo 'hpo-result {\"auc\": 1}'"));
  const Outcome outcome = scene.carry_out();
  CHECK(outcome.value == 1.0);
  CHECK_THAT(outcome.message, Contains("left behind"));
  CHECK(is_gone(number_in(scene.workdir() + "/child")));
  CHECK(is_gone(number_in(scene.workdir() + "/hidden")));
}

TEST_CASE("a training that closes its output is watched all the same", "[runner]") {
  Scene scene(shell("exec >&- 2>&-; sleep 0.1; echo '{\"auc\": 1}' > $HPO_RESULT_FILE"));
  CHECK(scene.carry_out().value == 1.0);
}

TEST_CASE("a training dies with its runner", "[runner]") {
  Scene scene(shell("echo $$ > pid; exec sleep 1000"));
  scene.prepare();
  const pid_t runner_pid = scene.start();
  const int training = number_in(scene.workdir() + "/pid");
  ::kill(runner_pid, SIGKILL);
  CHECK(test::wait_for(runner_pid) == 128 + SIGKILL);
  CHECK(wait_until([&] { return is_gone(training); }));
  CHECK_FALSE(test::exists(scene.file("exit.json")));
}

TEST_CASE("output above the limit keeps its head and its tail, in order", "[runner]") {
  Scene scene(shell("i=100000; while [ $i -lt 110000 ]; do echo $i; i=$((i+1)); done\n"
                    "echo 'hpo-result {\"auc\": 1}'"));
  scene.prepare();
  CHECK(test::wait_for(scene.start({"700", "7000"})) == 0);
  CHECK(scene.outcome().value == 1.0);
  const std::string text = test::read(scene.file("stdout"));
  CHECK(text.size() < 7900);
  CHECK_THAT(text, Catch::StartsWith("100000\n100001\n"));
  CHECK_THAT(text, Contains("\nhpo: 62322 bytes of output were dropped here\n"));
  CHECK_THAT(text, Catch::EndsWith("109998\n109999\nhpo-result {\"auc\": 1}\n"));
}

TEST_CASE("a training that prints 1 GB completes and costs 64 MiB of disk", "[runner]") {
  Scene scene(shell("head -c 1000000000 /dev/zero; echo; echo 'hpo-result {\"auc\": 1}'"));
  const Outcome outcome = scene.carry_out();
  CHECK(outcome.value == 1.0);
  CHECK(test::size_of(scene.file("stdout")) < (64 << 20) + 100);
  CHECK(test::size_of(scene.file("stdout")) > (64 << 20));
}

TEST_CASE("an endless printer can be cancelled", "[runner]") {
  Scene scene(shell(": > ready; exec yes"));
  scene.prepare();
  const pid_t pid = scene.start({"1000", "1000"});
  CHECK(cancel_when_ready(scene, pid).seconds < 5.0);
  CHECK(scene.outcome().status == OutcomeStatus::cancelled);
  CHECK(test::size_of(scene.file("stdout")) < 3000);
}

TEST_CASE("two runners on one directory: one carries it out, the other steps back", "[runner]") {
  for (int round = 0; round < 20; ++round) {
    Scene scene(shell("echo $$ >> executions; sleep 0.02; echo 'hpo-result {\"auc\": 1}'"));
    scene.prepare();
    const std::string job = scene.job.name;
    ::setenv("HPO_JOB", (job + "a").c_str(), 1);
    const pid_t first = scene.start();
    ::setenv("HPO_JOB", (job + "b").c_str(), 1);
    const pid_t second = scene.start();
    ::unsetenv("HPO_JOB");
    CHECK(test::wait_for(first) == 0);
    CHECK(test::wait_for(second) == 0);
    const std::string executions = test::read(scene.workdir() + "/executions");
    CHECK(std::count(executions.begin(), executions.end(), '\n') == 1);
    CHECK(test::exists(scene.file("duplicate." + job + "a")) !=
          test::exists(scene.file("duplicate." + job + "b")));
    CHECK(test::exists(scene.ended() + "/" + job + "a"));
    CHECK(test::exists(scene.ended() + "/" + job + "b"));
    CHECK(scene.outcome().value == 1.0);
  }
}
