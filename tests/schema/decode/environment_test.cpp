// The environment: variables, names to inherit, and no secrets.
#include <catch2/catch.hpp>

#include "tests/schema/decode/support.hpp"

using namespace hpo;
using test::Codes;
using test::codes;
using test::study;

namespace {

Codes environment(const std::string& members) {
  return codes(study("\"environment\": {" + members + "}"));
}

std::string variables(int count, std::size_t length) {
  std::string members;
  for (int i = 0; i < count; ++i) {
    members += (i == 0 ? "\"V" : ", \"V") + std::to_string(i) + "\": \"" +
               std::string(length, 'x') + "\"";
  }
  return "{" + members + "}";
}

}  // namespace

TEST_CASE("variables have limits in number and length", "[decode]") {
  CHECK(environment("\"vars\": " + variables(128, 1)) == test::none);
  CHECK(environment("\"vars\": " + variables(129, 1)) == Codes{"E0109"});
  CHECK(environment("\"vars\": " + variables(1, 8192)) == test::none);
  CHECK(environment("\"vars\": " + variables(1, 8193)) == Codes{"E0109"});
  CHECK(environment("\"captured\": " + variables(512, 1)) == test::none);
  CHECK(environment("\"captured\": " + variables(513, 1)) == Codes{"E0109"});
  CHECK(environment("\"captured\": " + variables(1, 131072)) == test::none);
  CHECK(environment("\"captured\": " + variables(1, 131073)) == Codes{"E0109"});
}

TEST_CASE("variable names are what a shell would take", "[decode]") {
  CHECK(environment(R"("vars": {"_A9": ""})") == test::none);
  CHECK(environment(R"("vars": {"9A": ""})") == Codes{"E0107"});
  CHECK(environment(R"("vars": {"A=B": ""})") == Codes{"E0107"});
  CHECK(environment("\"inherit\": [\"" + std::string(128, 'A') + "\"]") == test::none);
  CHECK(environment("\"inherit\": [\"" + std::string(129, 'A') + "\"]") == Codes{"E0107"});
  CHECK(environment(R"("vars": {"A": 1})") == Codes{"E0103"});
}

TEST_CASE("our own variables are not the user's", "[decode]") {
  CHECK(environment(R"("vars": {"HPO_SEED": "1"})") == Codes{"E0208"});
  CHECK(environment(R"("inherit": ["HPO_STATE_DIR"])") == Codes{"E0208"});
  CHECK(environment(R"("vars": {"HPOX": "1"})") == test::none);
}

TEST_CASE("a name that looks like a secret is not inherited", "[decode]") {
  for (const char* name : {"GITHUB_TOKEN", "My_Secret", "DB_PASSWORD", "WANDB_API_KEY"}) {
    CAPTURE(name);
    const DecodedStudy decoded = decode_study(
        study("\"environment\": {\"inherit\": [\"" + std::string(name) + "\"]}"));
    REQUIRE(codes(decoded) == Codes{"E0209"});
    CHECK(decoded.problems[0].suggestion.find("\"secrets\"") != std::string::npos);
  }
  CHECK(environment(R"("inherit": ["ROOTSYS"])") == test::none);
}

TEST_CASE("128 names are inherited, 129 are too many", "[decode]") {
  const auto inherit = [](int count) {
    std::string list;
    for (int i = 0; i < count; ++i) list += (i == 0 ? "\"V" : ", \"V") + std::to_string(i) + "\"";
    return environment("\"inherit\": [" + list + "]");
  };
  CHECK(inherit(128) == test::none);
  CHECK(inherit(129) == Codes{"E0109"});
}
