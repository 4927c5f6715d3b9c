// What every attempt of a study is given.
#include "schema/attempt_spec.hpp"

#include <catch2/catch.hpp>

using namespace hpo;

TEST_CASE("vars win over cores, and cores over what submit captured", "[schema]") {
  StudySpec spec;
  spec.executor.cpus = 4;
  spec.environment.captured = {{"PATH", "/bin"}, {"LANG", "C"}, {"OMP_NUM_THREADS", "64"}};
  spec.environment.vars = {{"LANG", "de_DE"}};
  using Environment = std::map<std::string, std::string>;
  CHECK(attempt_spec_of(spec).environment ==
        Environment{{"PATH", "/bin"}, {"LANG", "de_DE"}, {"OMP_NUM_THREADS", "4"}});
  spec.environment.vars["OMP_NUM_THREADS"] = "2";
  CHECK(attempt_spec_of(spec).environment.at("OMP_NUM_THREADS") == "2");
  spec.environment.vars.clear();
  spec.executor.cpus = 1;
  CHECK(attempt_spec_of(spec).environment == spec.environment.captured);
}

TEST_CASE("only a study that asks for GPUs is shown some", "[schema]") {
  StudySpec spec;
  CHECK_FALSE(attempt_spec_of(spec).hides_devices);
  spec.executor.gpus = 1;
  CHECK(attempt_spec_of(spec).hides_devices);
}

TEST_CASE("a command leaves out the elements that name a parameter without a value", "[schema]") {
  StudySpec spec;
  spec.space = *SearchSpace::make(
      {{.name = "sgd", .domain = BoolDomain{}},
       {.name = "m", .domain = FloatDomain{}, .when = {{.parent = "sgd", .values = {true}}}}});
  spec.command = {"./a", "--m={m}", "{{m}}", "{ m }", "{sgd}/{trial}", "{m}"};
  CHECK(command_of(spec, {true, 0.5}) == spec.command);
  CHECK(command_of(spec, {false, Inactive{}}) ==
        std::vector<std::string>{"./a", "{{m}}", "{ m }", "{sgd}/{trial}"});
}
