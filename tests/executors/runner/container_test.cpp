// Containers: the exact words for each runtime, and a training that is started by such words.
#include "executors/runner/container.hpp"

#include <signal.h>
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <filesystem>

#include "tests/executors/support.hpp"

using namespace hpo;
using Catch::Contains;
using Words = std::vector<std::string>;

namespace {

const runner::Enclosure kept{.workdir = "/home/me/train",
                             .directories = {"/home/me/train", "/state/t/3"},
                             .variables = {"HPO_*", "WANDB_API_KEY"}};

ContainerSpec container(ContainerRuntime runtime) {
  return {.runtime = runtime, .image = "/data/ml.sif", .binds = {"/data", "/scratch/me:/tmp"}};
}

// A runtime that writes down its words, leaves out its own, and becomes the training.
constexpr const char* fake = R"(#!/bin/sh
printf '%s\n' "$@" > words
while [ "$1" != image ] && [ "$1" != --image=image ]; do shift; done
shift
while case $1 in --*) true ;; *) false ;; esac; do shift; done
exec "$@"
)";

struct Contained {
  Contained(ContainerRuntime runtime, const std::string& script) : scene(test::shell(script)) {
    const std::string programs = scene.workdir() + "/bin";
    REQUIRE(std::filesystem::create_directories(programs));
    const std::string program = programs + "/" + std::string(word(runtime));
    test::write(program, fake);
    test::write(scene.workdir() + "/image", "");
    REQUIRE(::chmod(program.c_str(), 0755) == 0);
    scene.spec.environment["PATH"] = programs + ":/usr/bin:/bin";
    scene.spec.container = ContainerSpec{.runtime = runtime, .image = "image"};
  }
  std::string words() const { return test::read(scene.workdir() + "/words"); }

  test::Scene scene;
};

}  // namespace

TEST_CASE("apptainer is told the directories, and keeps the rest", "[runner]") {
  ContainerSpec spec = container(ContainerRuntime::apptainer);
  CHECK(runner::contained(spec, kept, {"python3", "-u", "{x}"}) ==
        Words{"apptainer", "exec", "--pwd=/home/me/train", "--bind=/home/me/train:/home/me/train",
              "--bind=/state/t/3:/state/t/3", "--bind=/data:/data", "--bind=/scratch/me:/tmp",
              "/data/ml.sif", "python3", "-u", "{x}"});
  spec.binds.clear();
  spec.has_gpu = true;
  CHECK(runner::contained(spec, kept, {"a"}) ==
        Words{"apptainer", "exec", "--pwd=/home/me/train", "--bind=/home/me/train:/home/me/train",
              "--bind=/state/t/3:/state/t/3", "--nv", "/data/ml.sif", "a"});
}

TEST_CASE("podman is told all that it would keep to itself", "[runner]") {
  ContainerSpec spec = container(ContainerRuntime::podman);
  spec.has_gpu = true;
  CHECK(runner::contained(spec, kept, {"a", "b c"}) ==
        Words{"podman", "run", "--rm", "--userns=keep-id", "--pid=host", "--ipc=host",
              "--network=host", "--security-opt=label=disable", "--log-driver=none",
              "--entrypoint=", "--workdir=/home/me/train",
              "--volume=/home/me/train:/home/me/train", "--volume=/state/t/3:/state/t/3",
              "--volume=/data:/data", "--volume=/scratch/me:/tmp", "--env=HPO_*",
              "--env=WANDB_API_KEY", "--device=nvidia.com/gpu=all", "/data/ml.sif", "a", "b c"});
}

TEST_CASE("shifter is told image and directories", "[runner]") {
  ContainerSpec spec = container(ContainerRuntime::shifter);
  spec.image = "docker:me/ml:1";
  spec.has_gpu = true;
  CHECK(runner::contained(spec, kept, {"a"}) ==
        Words{"shifter", "--image=docker:me/ml:1", "--volume=/home/me/train:/home/me/train",
              "--volume=/state/t/3:/state/t/3", "--volume=/data:/data",
              "--volume=/scratch/me:/tmp", "--module=gpu", "a"});
}

TEST_CASE("a directory is bound once, however often it is named", "[runner]") {
  ContainerSpec spec = container(ContainerRuntime::shifter);
  spec.binds = {"/w", "/w:/w", "/w:/v"};
  CHECK(runner::contained(spec, {.workdir = "/w", .directories = {"/w", "/w"}}, {"a"}) ==
        Words{"shifter", "--image=/data/ml.sif", "--volume=/w:/w", "--volume=/w:/v", "a"});
}

TEST_CASE("the training starts in its container, with values, variables and secrets by name alone",
          "[runner]") {
  const ContainerRuntime runtime = GENERATE(ContainerRuntime::apptainer, ContainerRuntime::podman,
                                            ContainerRuntime::shifter);
  Contained all(runtime, R"(read -r k < .config/hpo/secrets/K; [ "$HPO_P_LR" = 0.001 ] && )"
                         R"([ "$K" = "$k" ] && printf '{"auc": %s}' "$2" > $HPO_RESULT_FILE)");
  test::Scene& scene = all.scene;
  scene.spec.command.insert(scene.spec.command.end(), {"sh", "x", "{seed}"});
  scene.spec.environment["HOME"] = scene.workdir();
  scene.spec.environment["OMP_NUM_THREADS"] = "4";
  scene.spec.secrets = {"K"};
  REQUIRE(std::filesystem::create_directories(scene.workdir() + "/.config/hpo/secrets"));
  test::write(scene.workdir() + "/.config/hpo/secrets/K", "canary-31\n");
  REQUIRE(::chmod((scene.workdir() + "/.config/hpo/secrets/K").c_str(), 0600) == 0);
  const Outcome outcome = scene.carry_out();
  INFO(outcome.message);
  CHECK(outcome.value == 42.0);
  CHECK_THAT(all.words(), !Contains("canary-31"));
  CHECK_THAT(all.words(), Contains("=" + scene.workdir() + ":" + scene.workdir() + "\n"));
  const std::string trial = std::filesystem::path(scene.directory()).parent_path();
  CHECK_THAT(all.words(), Contains("=" + trial + ":" + trial + "\n"));
  if (runtime != ContainerRuntime::podman) return;  // the others take all variables along
  for (const char* name : {"HPO_*", "K", "OMP_NUM_THREADS"}) {
    CHECK_THAT(all.words(), Contains("--env=" + std::string(name) + "\n"));
  }
}

TEST_CASE("a signal reaches the training through the container's runtime", "[runner]") {
  Contained all(ContainerRuntime::apptainer,
                "trap 'touch ended; exit 7' TERM; touch started; while :; do read x < fifo; done");
  test::Scene& scene = all.scene;
  REQUIRE(::mkfifo((scene.workdir() + "/fifo").c_str(), 0600) == 0);
  scene.prepare();
  const pid_t pid = scene.start();
  REQUIRE(test::wait_until([&] { return test::exists(scene.workdir() + "/started"); }));
  REQUIRE(::kill(pid, SIGTERM) == 0);
  CHECK(test::wait_for(pid) == 0);
  CHECK(test::exists(scene.workdir() + "/ended"));
}

TEST_CASE("a runtime that is not there, or cannot be told a directory, fails the attempt",
          "[runner]") {
  Contained all(ContainerRuntime::podman, "true");
  SECTION("not there") {
    std::filesystem::remove(all.scene.workdir() + "/bin/podman");
    all.scene.spec.environment["PATH"] = all.scene.workdir() + "/bin";  // the machine may have one
    const Outcome outcome = all.scene.carry_out();
    CHECK(outcome.failure == FailureClass::spawn_failed);
    CHECK_THAT(outcome.message, Contains("podman") && Contains("\"modules\""));
  }
  SECTION("a comma") {
    all.scene.spec.workdir += "/a,b";
    const Outcome outcome = all.scene.carry_out();
    CHECK(outcome.failure == FailureClass::spawn_failed);
    CHECK_THAT(outcome.message, Contains("a,b") && Contains("cannot be given a directory"));
  }
}

TEST_CASE("an image that is no file here is told by its path, before the runtime is started",
          "[runner]") {
  Contained missing(ContainerRuntime::apptainer, "true");
  std::filesystem::remove(missing.scene.workdir() + "/image");
  const Outcome outcome = missing.scene.carry_out();
  CHECK(outcome.failure == FailureClass::spawn_failed);
  CHECK_THAT(outcome.message, Contains(missing.scene.workdir() + "/image") &&
                                  Contains("correct \"image\""));
  CHECK(missing.words().empty());
  Contained stored(ContainerRuntime::podman, R"(echo '{"auc": 1}' > $HPO_RESULT_FILE)");
  std::filesystem::remove(stored.scene.workdir() + "/image");
  CHECK(stored.scene.carry_out().value == 1.0);
}

TEST_CASE("podman's own exit codes are told as what they may mean", "[runner]") {
  Contained contained(ContainerRuntime::podman, "exit 125");
  const Outcome outcome = contained.scene.carry_out();
  CHECK(outcome.failure == FailureClass::exit_code);
  CHECK_THAT(outcome.message, Contains("cannot start the container"));
}
