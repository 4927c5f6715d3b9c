// Ranks whose launcher would kill them at SIGTERM hear it from the batch system instead.
#include "executors/runner/ranks.hpp"

#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "tests/executors/support.hpp"

using namespace hpo;
using namespace std::chrono_literals;
using Catch::Contains;
using test::Scene;

namespace {

// Like srun: it waits for its ranks, here a file by which they end, and kills them at SIGTERM.
constexpr const char* launcher = R"(trap 'echo killed > killed; exit 1' TERM
: > ready
until test -e ended; do sleep 0.01; done
)";

class Ranks {
 public:
  Scene scene;
  Ranks(const std::string& script, const std::string& tell) : scene(test::shell(script)) {
    add("launch", launcher);
    add("tell", "cd '" + scene.workdir() + "'; echo \"$*\" > told\n" + tell);
    scene.spec.id_variable = "HPO_TEST_JOB_ID";
    scene.spec.launcher = "launch";
    scene.spec.tell_ranks = {path("tell"), "--all"};
    ::setenv("HPO_TEST_JOB_ID", "4711", 1);
  }
  ~Ranks() { ::unsetenv("HPO_TEST_JOB_ID"); }
  Ranks(const Ranks&) = delete;
  Ranks& operator=(const Ranks&) = delete;

  Outcome outcome_of_cancel() {  // as soon as the launcher runs
    scene.prepare();
    const pid_t runner = scene.start();
    REQUIRE(test::wait_until([&] { return has("ready"); }));
    ::kill(runner, SIGTERM);
    CHECK(test::wait_for(runner) == 0);
    return scene.outcome();
  }
  std::string path(const std::string& name) const { return scene.workdir() + "/" + name; }
  bool has(const std::string& name) const { return test::exists(path(name)); }

 private:
  void add(const std::string& name, const std::string& script) const {
    test::write(path(name), "#!/bin/sh\n" + script);
    REQUIRE(::chmod(path(name).c_str(), 0700) == 0);
  }
};

}  // namespace

TEST_CASE("a launcher is spared, its ranks are told by the batch system", "[runner]") {
  Ranks ranks("trap ': > shell_told' TERM; ./launch & wait; wait", "sleep 0.1; : > ended");
  const Outcome outcome = ranks.outcome_of_cancel();
  CHECK(outcome.status == OutcomeStatus::cancelled);
  CHECK_THAT(outcome.message, !Contains("was killed"));
  CHECK(test::read(ranks.path("told")) == "--all 4711\n");
  CHECK_FALSE(ranks.has("killed"));
  CHECK(ranks.has("shell_told"));  // only launchers are spared
}

TEST_CASE("ranks are told at the time limit too", "[runner]") {
  Ranks ranks("./launch", ": > ended");
  ranks.scene.spec.time = 1s;
  const Outcome outcome = ranks.scene.carry_out();
  CHECK(outcome.failure == FailureClass::timeout);
  CHECK_FALSE(ranks.has("killed"));
}

TEST_CASE("a launcher whose ranks do not end is killed after the grace", "[runner]") {
  Ranks ranks("exec ./launch", GENERATE("true", "exit 1", "sleep 100"));
  ranks.scene.spec.grace = 1s;
  const Outcome outcome = ranks.outcome_of_cancel();
  CHECK(outcome.status == OutcomeStatus::cancelled);
  CHECK_THAT(outcome.message, Contains("grace of 1 s"));
  CHECK_FALSE(ranks.has("killed"));
}

TEST_CASE("a launcher hears SIGTERM where nobody could tell its ranks", "[runner]") {
  Ranks ranks("exec ./launch", "true");
  SECTION("no command is known") { ranks.scene.spec.tell_ranks.clear(); }
  SECTION("it cannot be started") { ranks.scene.spec.tell_ranks = {"/none"}; }
  SECTION("the job has no id") { ranks.scene.spec.id_variable = "HPO_TEST_NO_SUCH"; }
  CHECK(ranks.outcome_of_cancel().status == OutcomeStatus::cancelled);
  CHECK(ranks.has("killed"));
}

TEST_CASE("a launcher is known by its name alone, as the kernel keeps it", "[runner]") {
  const int own = ::getpid();
  CHECK(runner::is_launcher({.launcher = "runner_test"}, own));
  CHECK_FALSE(runner::is_launcher({.launcher = "runner"}, own));
  CHECK_FALSE(runner::is_launcher({}, own));
  CHECK_FALSE(runner::is_launcher({.launcher = "runner_test"}, -1));
}
