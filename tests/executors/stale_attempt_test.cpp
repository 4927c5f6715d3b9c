// What another database's attempt has left in the directory is moved aside, and never believed.
#include <catch2/catch.hpp>
#include <filesystem>

#include "tests/executors/local_jobs.hpp"

using namespace hpo;
using namespace hpo::test;

namespace {

void become(Scene& scene, const std::string& job, const std::string& identity) {
  scene.job.name = scene.spec.job = scene.job.name + job;
  scene.job.identity = scene.spec.identity = identity;
  scene.job.native_id.clear();
}

std::optional<double> value_of(Local& local, Scene& scene) {
  local.submit(scene);
  return local.poll_until_over(scene.job).outcome->value;
}

}  // namespace

TEST_CASE("stale: an attempt of another database brings no value and is kept", "[stale]") {
  Local local;
  Scene scene(shell("echo $HPO_P_LR > $HPO_CHECKPOINT_DIR/saved; echo 'hpo-result {\"auc\": 1}'"));
  become(scene, "a", "old");
  CHECK(value_of(local, scene) == 1.0);

  become(scene, "b", "new");
  CHECK(local.executor->find(scene.job)->state == JobState::absent);
  scene.spec.command = shell("ls $HPO_CHECKPOINT_DIR > saved; echo 'hpo-result {\"auc\": 2}'");
  CHECK(value_of(local, scene) == 2.0);
  CHECK(test::read(scene.workdir() + "/saved").empty());
  CHECK_THAT(test::read(scene.file("runner.log")), Catch::Contains(".stale.1"));
  CHECK(test::exists(scene.directory() + ".stale.1/exit.json"));
  CHECK(test::exists(scene.directory() + ".stale.1/checkpoint/saved"));

  become(scene, "c", "newest");
  CHECK(value_of(local, scene) == 2.0);
  CHECK(test::exists(scene.directory() + ".stale.2/exit.json"));
}

TEST_CASE("stale: what still runs of another database's attempt is ended first", "[stale]") {
  Local local;
  Scene scene(shell("sleep 1000 & echo $! > child; sleep 1000"));
  become(scene, "a", "old");
  local.submit(scene);
  const int child = number_in(scene.workdir() + "/child");
  become(scene, "b", "new");
  scene.spec.command = shell("echo 'hpo-result {\"auc\": 2}'");
  local.submit(scene);
  CHECK(is_gone(child));
  CHECK(local.poll_until_over(scene.job).outcome->value == 2.0);
}

TEST_CASE("stale: another submission of the same attempt is not a stranger", "[stale]") {
  Local local;
  Scene scene(shell("echo 'hpo-result {\"auc\": 1}'"));
  become(scene, "a", "same");
  CHECK(value_of(local, scene) == 1.0);
  become(scene, "b", "same");
  scene.spec.command = shell("echo 'hpo-result {\"auc\": 2}'");
  CHECK(value_of(local, scene) == 1.0);
  CHECK_FALSE(test::exists(scene.directory() + ".stale.1"));
}

TEST_CASE("stale: a runner refuses a directory that another attempt claims", "[stale]") {
  Scene scene({"true"});
  become(scene, "a", "old");
  scene.carry_out();
  std::filesystem::remove(scene.file("exit.json"));
  become(scene, "b", "new");
  scene.prepare();
  CHECK(test::wait_for(scene.start()) == 1);
  CHECK_FALSE(test::exists(scene.file("exit.json")));
}
