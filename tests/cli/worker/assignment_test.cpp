// What the daemon says of a study's work, and what becomes of it for one trial.
#include "cli/worker/assignment.hpp"

#include <catch2/catch.hpp>

#include "schema/codec/codec.hpp"

using namespace hpo;
using namespace hpo::cli::worker;

namespace {

std::string work_text() {
  AttemptSpec spec{.study = "a", .metric = "loss", .command = {"train"}, .params = "{}"};
  spec.ended_directory = "/s/ended";
  return R"({"study":"a","state":"running","lease_s":120,"directory":"/s/studies/a","attempt":)" +
         attempt_spec_to_json(spec) + "}";
}

const LeasedTrial example{.key = {7, 2}, .attempt = 3, .job = "hpoj", .identity = "i",
                        .params = R"({"x":1})", .seed = 5};

}  // namespace

TEST_CASE("work is what all attempts share; a trial fills in the rest", "[worker]") {
  const auto assignment = assignment_from_json(work_text());
  REQUIRE(assignment);
  const AttemptSpec spec = spec_of(assignment->work, example, 4, {});
  CHECK(spec.study == "a");
  CHECK(spec.trial == 7);
  CHECK(spec.attempt == 3);
  CHECK(spec.job == "hpoj");
  CHECK(spec.params == R"({"x":1})");
  CHECK(spec.seed == 5);
  CHECK(spec.slot == 4);
  CHECK(spec.command == std::vector<std::string>{"train"});
  CHECK(spec.ended_directory.empty());
  CHECK_FALSE(spec.hides_devices);
  CHECK(directory_of(assignment->work, example) == "/s/studies/a/trials/7/3");
}

TEST_CASE("steps are told to a daemon that says it takes them", "[worker]") {
  CHECK_FALSE(assignment_from_json(work_text())->takes_reports);
  CHECK(assignment_from_json(R"({"reports":true,)" + work_text().substr(1))->takes_reports);
}

TEST_CASE("a slot's devices and a trial's own command are taken", "[worker]") {
  LeasedTrial conditional = example;
  conditional.command = {"train", "--deep"};
  const AttemptSpec spec = spec_of(assignment_from_json(work_text())->work, conditional, 0, {2});
  CHECK(spec.devices == std::vector{2});
  CHECK(spec.hides_devices);
  CHECK(spec.command == conditional.command);
}

TEST_CASE("what is no work is told as another version's", "[worker]") {
  const std::string text = GENERATE("", "[]", "{}",
      R"({"state":"running","lease_s":1,"directory":"relative","attempt":{}})",
      R"({"state":"running","lease_s":1,"directory":"/s","attempt":{}})",
      R"({"state":"running","directory":"/s","attempt":{}})");
  INFO(text);
  const auto assignment = assignment_from_json(text);
  REQUIRE_FALSE(assignment);
  CHECK(assignment.error().remedy.find("hpo version") != std::string::npos);
}
