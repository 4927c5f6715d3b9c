// exit.json: ours is believed, a copied or torn one is not.
#include <catch2/catch.hpp>
#include <filesystem>

#include "executors/runner/exit_file.hpp"
#include "tests/executors/support.hpp"

using namespace hpo;
using test::Scene;
using test::shell;

TEST_CASE("exit.json is read back as it was written", "[exit_file]") {
  Scene scene(shell("echo 'hpo-result {\"auc\": 0.1, \"n\": 2}'"));
  const Outcome outcome = scene.carry_out();
  CHECK(outcome.value == 0.1);
  CHECK_THAT(test::read(scene.file("exit.json")),
             Catch::Contains("\"job\":\"" + scene.job.name + "\"") &&
                 Catch::Contains("\"study\":\"jets\""));
}

TEST_CASE("before the end there is no exit.json, and that is no error", "[exit_file]") {
  const test::FreshDirectory directory;
  const auto outcome = read_exit(directory.path(), "a", "");
  REQUIRE(outcome.has_value());
  CHECK_FALSE(outcome->has_value());
}

TEST_CASE("another submission of the same attempt is believed", "[exit_file]") {
  Scene scene(shell("echo 'hpo-result {\"auc\": 1}'"));
  scene.carry_out();
  CHECK_FALSE(read_exit(scene.directory(), "another-name", "").has_value());
  CHECK(read_exit(scene.directory(), "another-name", scene.job.identity).has_value());
}

TEST_CASE("an exit.json that came with a copied directory is refused", "[exit_file]") {
  Scene scene(shell("echo 'hpo-result {\"auc\": 1}'"));
  scene.carry_out();
  const std::string copy = scene.directory() + "/../../4/1";
  std::filesystem::create_directories(copy + "/..");
  std::filesystem::copy(scene.directory(), copy);
  const std::string plain = std::filesystem::canonical(copy).string();
  const auto outcome = read_exit(plain, "job-of-trial-4", "identity of trial 4");
  REQUIRE_FALSE(outcome.has_value());
  CHECK(outcome.error().code == ErrorCode::corrupt);
  CHECK_THAT(outcome.error().what, Catch::Contains("trial 3"));
}

TEST_CASE("a torn exit.json is an error, at whatever byte it was cut", "[exit_file]") {
  Scene scene(shell("echo 'hpo-result {\"auc\": 1}'"));
  scene.carry_out();
  const std::string whole = test::read(scene.file("exit.json"));
  for (std::size_t bytes = 0; bytes + 2 < whole.size(); ++bytes) {
    test::write(scene.file("exit.json"), whole.substr(0, bytes));
    CHECK_FALSE(read_exit(scene.directory(), scene.job.name, "").has_value());
  }
}
