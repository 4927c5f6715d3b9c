// The directory that a runner finds: complete, private, the same when written again.
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <filesystem>

#include "executors/attempt_directory.hpp"
#include "schema/codec/codec.hpp"
#include "schema/json/node.hpp"
#include "tests/executors/support.hpp"

using namespace hpo;
using test::Scene;

TEST_CASE("an attempt's directory is private, and writing it again changes nothing",
          "[attempt_directory]") {
  Scene scene({"true"});
  scene.prepare();
  const std::string spec = test::read(scene.file("attempt.json"));
  const std::string params = test::read(scene.file("params.json"));
  scene.prepare();
  CHECK(test::read(scene.file("attempt.json")) == spec);
  CHECK(test::read(scene.file("params.json")) == params);
  struct stat found{};
  REQUIRE(::stat(scene.directory().c_str(), &found) == 0);
  CHECK((found.st_mode & 0777) == 0700);
}

TEST_CASE("why a runner left no exit.json is told as far as its directory tells",
          "[attempt_directory]") {
  Scene scene({"true"});
  scene.prepare();
  CHECK(directory_fault(scene.directory()).empty());
  CHECK_THAT(why_no_exit(scene.directory()), Catch::StartsWith("killed, or ") &&
                                                 Catch::Contains("a full disk"));
  REQUIRE(::chmod(scene.directory().c_str(), 0) == 0);
  CHECK(why_no_exit(scene.directory()) == scene.directory() + " cannot be used: its mode is 0000; "
                                          "let the training leave it at 0700, as it found it");
  REQUIRE(::chmod(scene.directory().c_str(), 0700) == 0);
  CHECK_THAT(why_no_exit(scene.file("none")), Catch::Contains("No such file or directory"));
}

TEST_CASE("attempt.json reads back as the spec, params.json as the training's view",
          "[attempt_directory]") {
  Scene scene({"true"});
  scene.prepare();
  const auto spec = attempt_spec_from_json(test::read(scene.file("attempt.json")));
  REQUIRE(spec.has_value());
  CHECK(spec->job == scene.job.name);
  CHECK(spec->command == scene.spec.command);
  const auto root = json::parse_own(test::read(scene.file("params.json")), "params.json");
  REQUIRE(root.has_value());
  CHECK(root->find("params")->find("lr")->number == 0.001);
  CHECK(root->find("trial")->integer == 3);
  CHECK(root->find("seed")->integer == 42);
}

TEST_CASE("a later attempt gets the newest checkpoint that is not empty", "[attempt_directory]") {
  Scene scene({"true"});
  const std::string trial = scene.directory().substr(0, scene.directory().rfind('/'));
  std::filesystem::create_directories(trial + "/checkpoint/1");
  std::filesystem::create_directories(trial + "/checkpoint/2");
  test::write(trial + "/checkpoint/1/weights", "w");
  const auto checkpoint_of = [&](int attempt) {
    scene.spec.attempt = attempt;
    scene.prepare();
    return attempt_spec_from_json(test::read(scene.file("attempt.json")))->checkpoint_from;
  };
  scene.job.identity = "here-1-3-3";
  std::filesystem::create_directories(trial + "/1");
  CHECK(checkpoint_of(3).empty());  // nobody has claimed what saved it
  REQUIRE(runner::take_claim(trial + "/1", "some-submission", "here-1-3-1"));
  CHECK(checkpoint_of(3) == trial + "/checkpoint/1");
  CHECK(checkpoint_of(1).empty());
  scene.job.identity = "elsewhere-1-3-3";  // of another database
  CHECK(checkpoint_of(3).empty());
}

TEST_CASE("a directory that cannot be made is an error with its path", "[attempt_directory]") {
  Scene scene({"true"});
  scene.job.directory = "/proc/hpo/1";
  const auto written = write_attempt_directory(scene.job, scene.spec);
  REQUIRE_FALSE(written.has_value());
  CHECK_THAT(written.error().where, Catch::Contains("/proc/hpo"));
  scene.job.directory = "relative/1";
  CHECK_FALSE(write_attempt_directory(scene.job, scene.spec).has_value());
}

TEST_CASE("a worker job finds a private file for TCP, and none where it was given none",
          "[attempt_directory]") {
  Scene scene({"true"});
  scene.prepare();
  JobRequest request{.job = scene.job, .spec = scene.spec, .connect = "secret\n"};
  const std::string path = connect_path(request.job);
  REQUIRE(write_connect_file(request));
  CHECK_FALSE(std::filesystem::exists(path));  // of a trial
  request.spec.is_worker = true;
  REQUIRE(write_connect_file(request));
  CHECK(test::read(path) == "secret\n");
  struct stat found{};
  REQUIRE(::stat(path.c_str(), &found) == 0);
  CHECK((found.st_mode & 0777) == 0600);
  request.connect.clear();  // submitted again by a daemon that does not listen
  REQUIRE(write_connect_file(request));
  CHECK_FALSE(std::filesystem::exists(path));
}
