// What the user is told when the job script could not prepare the training.
#include "executors/runner/unprepared.hpp"

#include <catch2/catch.hpp>

#include "executors/runner/claim.hpp"
#include "executors/runner/process.hpp"
#include "tests/executors/support.hpp"

using namespace hpo;
using Catch::Contains;

namespace {

// The end of an attempt whose job script ended so, with `log` in its job.log.
Outcome told(test::Scene& scene, const std::string& key, int code, const std::string& what,
             const std::string& log) {
  scene.prepare();
  test::write(scene.file("job.log"), log);
  REQUIRE(test::wait_for(scene.start({"unprepared", key, std::to_string(code), what})) == 0);
  return scene.outcome();
}

}  // namespace

TEST_CASE("an environment that cannot be made is told with its cause, place and remedy",
          "[runner]") {
  test::Scene scene(test::shell("touch started"));
  const Outcome outcome = told(scene, "modules", 1, "'module load cuda/99' failed",
                               "Lmod: unknown module cuda/99\njob.sh: 'module load cuda/99' "
                               "failed\n");
  CHECK(outcome.status == OutcomeStatus::failed);
  CHECK(outcome.failure == FailureClass::spawn_failed);
  CHECK(outcome.exit_code == 1);
  CHECK_FALSE(outcome.retry_asked);
  CHECK(outcome.message.starts_with("'module load cuda/99' failed\n"));
  CHECK_THAT(outcome.message,
             Contains("\"modules\" in the study's \"environment\", on node " +
                      runner::host_name()) &&
                 Contains("correct \"modules\"") && Contains("hpo doctor STUDY.json"));
  CHECK(outcome.message.ends_with("last lines of " + scene.file("job.log") +
                                  ":\nLmod: unknown module cuda/99\n"));
  CHECK_FALSE(test::exists(scene.workdir() + "/started"));
  CHECK(test::exists(scene.ended() + "/" + scene.job.name));
}

TEST_CASE("a setup that ends with 75 asks for another attempt", "[runner]") {
  test::Scene scene(test::shell("true"));
  CHECK(told(scene, "setup", 75, "it ended", "").retry_asked);
}

TEST_CASE("of a long job.log the end is told, cleaned", "[runner]") {
  test::Scene scene(test::shell("true"));
  const Outcome outcome = told(scene, "venv", 1, "it failed",
                               std::string(1 << 20, 'x') + "\nthe \033[31mcause\njob.sh: it "
                               "failed\n");
  CHECK(outcome.message.ends_with("x\nthe ?[31mcause\n"));
  CHECK(outcome.message.size() < 5000);
}

TEST_CASE("a job script of a surplus job leaves the attempt to whoever holds it", "[runner]") {
  test::Scene scene(test::shell("true"));
  scene.prepare();
  REQUIRE(runner::take_claim(scene.directory(), "hpoabcdzzzzzzzz", scene.spec.identity, "8"));
  REQUIRE(test::wait_for(scene.start({"unprepared", "setup", "1", "it failed"})) == 0);
  CHECK_FALSE(test::exists(scene.file("exit.json")));
}
