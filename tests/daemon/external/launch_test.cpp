// What a strategy's program is started with.
#include "daemon/external/launch.hpp"

#include <catch2/catch.hpp>
#include <fstream>

#include "tests/daemon/external/programs.hpp"
#include "tests/fresh_directory.hpp"

namespace hpo::external {

TEST_CASE("a program is found as a training's is, with the study's environment", "[external]") {
  StudySpec spec = study_with("true");
  spec.strategy.external.command = {"sh", "-c", "true"};
  spec.environment.vars = {{"A", "1"}};
  const auto launch = launch_of(spec);
  REQUIRE(launch);
  CHECK((launch->program == "/usr/bin/sh" || launch->program == "/bin/sh"));
  CHECK(launch->argv == std::vector<std::string>{"sh", "-c", "true"});
  CHECK(launch->environment ==
        std::vector<std::string>{"A=1", "HPO_STUDY=toy", "PATH=/usr/bin:/bin"});
  CHECK(launch->memory_bytes == std::int64_t{4} << 30U);
}

TEST_CASE("a program that cannot be is refused with its place and a remedy", "[external]") {
  const test::FreshDirectory directory;
  std::ofstream(directory.path() + "/plain.py") << "pass\n";
  StudySpec spec = study_with("true");
  spec.workdir = directory.path();
  const auto [name, what] = GENERATE(table<std::string, std::string>({
      {"no-such-program", "was not found"}, {"./missing.py", "does not exist"},
      {"./plain.py", "is not executable"}, {"/", "is a directory"}}));
  spec.strategy.external.command = {name};
  const auto refused = launch_of(spec);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().what.find(what) != std::string::npos);
  CHECK(refused.error().where == "study.json /strategy/command/0");
  CHECK_FALSE(refused.error().remedy.empty());
}

TEST_CASE("a workdir that is not there is told as such", "[external]") {
  StudySpec spec = study_with("true");
  spec.workdir = "/no/such/place";
  CHECK(launch_of(spec).error().where == "study.json /workdir");
  spec = study_with("true");
  spec.strategy.external.command.clear();
  CHECK(launch_of(spec).error().where == "study.json /strategy/command");
}

}  // namespace hpo::external
