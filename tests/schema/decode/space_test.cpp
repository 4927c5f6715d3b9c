// The space: how many parameters, and what their names do to one another.
#include <catch2/catch.hpp>

#include "tests/schema/decode/support.hpp"

using namespace hpo;
using test::Codes;
using test::codes;
using test::study;

namespace {

std::string space_named(const std::vector<std::string>& names) {
  std::string members;
  for (const std::string& name : names) {
    members += (members.empty() ? "\"" : ", \"") + name + "\": {\"float\": [0, 1]}";
  }
  return study("\"space\": {" + members + "}");
}

}  // namespace

TEST_CASE("a space has 1 to 512 parameters", "[decode]") {
  std::vector<std::string> names;
  CHECK(codes(space_named(names)) == Codes{"E0109"});
  for (int i = 0; i < 512; ++i) names.push_back("p" + std::to_string(i));
  CHECK(codes(space_named(names)) == test::none);
  names.push_back("p512");
  CHECK(codes(space_named(names)) == Codes{"E0109"});
}

TEST_CASE("parameters keep the order of the text", "[decode]") {
  const DecodedStudy decoded = decode_study(space_named({"z", "a", "m"}));
  REQUIRE(decoded.spec);
  CHECK(decoded.spec->space.parameters()[0].name == "z");
  CHECK(decoded.spec->space.parameters()[2].name == "m");
}

TEST_CASE("two names must not share a variable", "[decode]") {
  CHECK(codes(space_named({"lr.g", "lr-g"})) == Codes{"E0207"});
  CHECK(codes(space_named({"lr", "LR"})) == Codes{"E0207"});
  CHECK(codes(space_named({"lr_g", "lr.d"})) == test::none);
}

TEST_CASE("built-in placeholders are no parameters", "[decode]") {
  for (const char* name : {"params_file", "trial", "seed", "study", "attempt", "slot", "workdir",
                           "result_file", "trial_dir", "checkpoint_dir"}) {
    CAPTURE(name);
    CHECK(codes(space_named({name})) == Codes{"E0208"});
  }
  CHECK(codes(space_named({"Seed"})) == test::none);
}
