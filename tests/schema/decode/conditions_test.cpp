// "when": what may stand in it, and what hangs on it.
#include <catch2/catch.hpp>

#include "tests/schema/decode/support.hpp"

using namespace hpo;
using test::Codes;
using test::codes;
using test::study;

namespace {

std::string space_with(const std::string& when, const std::string& more = {}) {
  return study(R"("space": {"opt": {"choice": ["sgd", "adam", 1]}, "layers": {"int": [1, 4]},
      "lr": {"float": [0, 1]}, "amp": {"bool": true},
      "m": {"float": [0, 1], "when": )" + when + "}" + more + "}");
}

Parameter decoded_m(const std::string& when) {
  const DecodedStudy decoded = decode_study(space_with(when));
  REQUIRE(decoded.spec);
  return decoded.spec->space.parameters()[4];
}

std::string commanding(const std::string& command) {
  return R"({"name": "toy", "objective": {"minimize": "loss"}, "space": {
      "opt": {"choice": ["sgd", "adam"]}, "lr": {"float": [0, 1]},
      "m": {"float": [0, 1], "when": {"opt": "sgd"}}, "n": {"bool": true, "when": {"opt": "sgd"}}},
      "command": )" + command + "}";
}

}  // namespace

TEST_CASE("a condition is a value, a list of values or a range", "[decode]") {
  CHECK(decoded_m(R"({"opt": "sgd"})").when ==
        std::vector<Condition>{{.parent = "opt", .values = {std::string("sgd")}}});
  CHECK(decoded_m(R"({"layers": [1.0, 3], "amp": true})").when ==
        std::vector<Condition>{
            {.parent = "layers", .values = {std::int64_t{1}, std::int64_t{3}}},
            {.parent = "amp", .values = {true}}});
  CHECK(decoded_m(R"({"lr": {"max": 0.5}})").when ==
        std::vector<Condition>{{.parent = "lr", .max = 0.5}});
}

TEST_CASE("what a schema can see of \"when\" is refused as structure", "[decode]") {
  const auto [when, code] = GENERATE(table<std::string, std::string>({
      {"{}", "E0109"}, {"[]", "E0103"}, {R"({"opt": null})", "E0103"}, {R"({"opt": []})", "E0109"},
      {R"({"opt": [["sgd"]]})", "E0103"}, {R"({"layers": {}})", "E0109"},
      {R"({"layers": {"minimum": 1}})", "E0101"}, {R"({"layers": {"min": "1"}})", "E0103"}}));
  INFO(when);
  CHECK(codes(space_with(when)) == Codes{code});
}

TEST_CASE("what only the other parameter can tell is refused as meaning", "[decode]") {
  const auto [when, code] = GENERATE(table<std::string, std::string>({
      {R"({"optt": "sgd"})", "E0224"}, {R"({"opt": "lion"})", "E0225"},
      {R"({"opt": true})", "E0225"}, {R"({"lr": 0.5})", "E0225"}, {R"({"lr": "a"})", "E0225"},
      {R"({"layers": 5})", "E0225"}, {R"({"layers": {"min": 4.5}})", "E0225"},
      {R"({"layers": {"min": 3, "max": 2}})", "E0225"}, {R"({"amp": {"min": 0}})", "E0225"},
      {R"({"m": {"min": 0}})", "E0226"}}));
  INFO(when);
  CHECK(codes(space_with(when)) == Codes{code});
}

TEST_CASE("a parent may stand behind its child, and one with problems is not missing",
          "[decode]") {
  CHECK(codes(space_with(R"({"last": true})", R"(, "last": {"bool": true})")) == test::none);
  CHECK(codes(space_with(R"({"last": true})", R"(, "last": {"bool": false})")) ==
        Codes{"E0103"});
}

TEST_CASE("\"when\" names at most 16 parameters", "[decode]") {
  for (const int count : {16, 17}) {
    std::string when;
    std::string more;
    for (int i = 0; i < count; ++i) {
      const std::string name = "\"b" + std::to_string(i) + "\"";
      when += (i == 0 ? "" : ", ") + name + ": true";
      more += ", " + name + ": {\"bool\": true}";
    }
    CHECK(codes(space_with("{" + when + "}", more)) == (count == 16 ? test::none
                                                                     : Codes{"E0109"}));
  }
}

TEST_CASE("an element of the command is left out as a whole, so it must stand for itself",
          "[decode]") {
  const auto [command, expected] = GENERATE(table<std::string, Codes>({
      {R"(["./a", "{lr}", "{opt}", "{n}", "--m={m}"])", {}},
      {R"(["./a", "{lr}", "{opt}", "--mn={m},{n}"])", {}},
      {R"(["./a", "{lr}", "{opt}", "{n}", "{m}"])", {}},
      {R"(["./a", "--lr={lr}", "{opt}", "{n}", "--", "{m}"])", {}},
      {R"(["./a", "--lr", "{lr}", "{opt}", "{n}", "-m", "{m}"])", {"E0227"}},
      {R"(["./a", "{opt}", "{n}", "--x={m},{lr}"])", {"E0227"}},
      {R"(["{m}", "{opt}", "{n}", "{lr}"])", {"E0227"}},
      {R"(["./a", "{{m}}", "--p", "{params_file}"])", {}}}));
  INFO(command);
  CHECK(codes(commanding(command)) == expected);
}

TEST_CASE("initial params name no parameter that has no value then", "[decode]") {
  const std::string command = R"(["./a"], "initial": )";
  CHECK(codes(commanding(command + R"([{"opt": "adam", "lr": 1}])")) == test::none);
  CHECK(codes(commanding(command + R"([{"opt": "adam", "lr": 1, "m": 0.5}])")) ==
        Codes{"E0210"});
  CHECK(codes(commanding(command + R"([{"opt": "sgd", "lr": 1, "m": 0.5}])")) ==
        Codes{"E0210"});
}
