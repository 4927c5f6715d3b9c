// What is found before a study is sent.
#include "cli/preflight.hpp"

#include <catch2/catch.hpp>

using namespace hpo;
using namespace hpo::cli;
using Catch::Contains;

TEST_CASE("a setup that is no shell script is told with its line", "[cli]") {
  const auto problem = setup_problem("export A=1\nif then\n");
  REQUIRE(problem);
  CHECK_THAT(problem->what, Contains("syntax error near unexpected token `then'"));
  CHECK(problem->where == "\"setup\" in \"environment\", line 2: if then");
}

TEST_CASE("a setup is not carried out to be looked at", "[cli]") {
  CHECK_FALSE(setup_problem("exit 3\n"));
  CHECK_FALSE(setup_problem("$(touch /tmp/hpo-preflight-test-must-not-exist)"));
  CHECK_FALSE(setup_problem("-x\nshopt -s extglob\nls !(a|b)\n"));
  CHECK_FALSE(setup_problem(""));
}

TEST_CASE("a complaint that names no line is no finding", "[cli]") {
  CHECK_FALSE(syntax_problem("bash: fork: retry\n", "true"));
  CHECK_FALSE(syntax_problem("bash: -c: line x: y\n", "true"));
  const auto beyond = syntax_problem("bash: -c: line 9: syntax error: end of file\n", "if true");
  REQUIRE(beyond);
  CHECK(beyond->where == "\"setup\" in \"environment\", line 9");
}

TEST_CASE("a setup too long for one argument is left to its job", "[cli]") {
  CHECK_FALSE(setup_problem("if then\n" + std::string(200'000, '#')));
}

TEST_CASE("the program of an external strategy is looked for where it would start", "[cli]") {
  StudySpec spec;
  spec.workdir = "/usr";
  spec.strategy.external.command = {"no-such-program"};
  CHECK_FALSE(strategy_problem(spec));
  spec.strategy.type = "external";
  const auto problem = strategy_problem(spec);
  REQUIRE(problem);
  CHECK_THAT(problem->what, Contains("'no-such-program' was not found"));
  CHECK(problem->where == "study.json /strategy/command/0");
  spec.strategy.external.command = {"bin/env"};
  CHECK_FALSE(strategy_problem(spec));
  spec.environment.vars["PATH"] = "/nowhere";
  spec.strategy.external.command = {"env"};
  CHECK(strategy_problem(spec));
  spec.workdir.clear();
  CHECK_FALSE(strategy_problem(spec));
}

TEST_CASE("more trainings at a time than a local study's node has cores are warned of", "[cli]") {
  StudySpec spec;
  spec.executor.type = "local";
  spec.parallel = 4;
  CHECK(slots_problem(spec, 4).empty());
  CHECK(slots_problem(spec, 0).empty());
  CHECK(slots_problem(spec, 3).starts_with("beyond this node: 4 trials at a time of 1 core each"));
  spec.executor.cpus = 2;
  CHECK_FALSE(slots_problem(spec, 7).empty());
  CHECK(slots_problem(spec, 8).empty());
  spec.executor.type = "slurm";
  CHECK(slots_problem(spec, 3).empty());
}

TEST_CASE("the program of the trainings is looked for where they would start", "[cli]") {
  StudySpec spec;
  spec.workdir = "/usr";
  spec.environment.captured["PATH"] = "/nowhere";
  const auto [program, is_problem] = GENERATE(table<std::string, bool>({
      {"bin/env", false}, {"env", true}, {"{program}", false}, {"", false},
      {"python3 train.py", true}}));
  if (!program.empty()) spec.command = {program};
  CHECK(command_problem(spec).empty() != is_problem);
  spec.workdir = "/no/such/place";
  CHECK(command_problem(spec).empty() == (program.empty() || program == "{program}"));
  spec.executor.type = "external";
  CHECK(command_problem(spec).empty());
}

TEST_CASE("a job's program that is not here is warned of, if it has a path", "[cli]") {
  StudySpec spec;
  spec.executor.type = "slurm";
  spec.workdir = "/usr";
  const auto [program, problem] = GENERATE(table<std::string, std::string>({
      {"env", ""}, {"of-a-module", ""}, {"bin/env", ""}, {"{program}", ""},
      {"/no/env", "the command's program does not exist here (/no/env): trials will fail to start "
                  "where the nodes lack it too"},
      {"bin/none", "the command's program does not exist here (/usr/bin/none): trials will fail to "
                   "start where the nodes lack it too"}}));
  spec.command = {program};
  CHECK(command_problem(spec) == problem);
}

TEST_CASE("a job's workdir that is not here is warned of", "[cli]") {
  StudySpec spec;
  spec.executor.type = "slurm";
  spec.workdir = "/no/such/place";
  spec.command = {"python3", "train.py"};
  CHECK(command_problem(spec) == "the workdir /no/such/place is not here: trials will fail to "
                                 "start where the nodes lack it too");
  spec.environment.container = ContainerSpec{};
  CHECK(command_problem(spec).empty());
}
