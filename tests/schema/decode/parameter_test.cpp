// A parameter has one type, modifiers that belong to it, and perhaps a default.
#include <catch2/catch.hpp>

#include "tests/schema/decode/support.hpp"

using namespace hpo;
using test::Codes;
using test::codes;
using test::space_of;

TEST_CASE("the type is one key", "[decode]") {
  const auto [parameter, expected] = GENERATE(table<std::string, Codes>({
      {R"("flaot": [0, 1], "log": true)", {"E0104"}}, {R"("type": "float", "low": 0)", {"E0104"}},
      {R"("log": true)", {"E0110"}}, {"", {"E0110"}},
      {R"("float": [0, 1], "int": [0, 1])", {"E0110"}},
      {R"("float": [0, 1], "defualt": 1)", {"E0101"}},
      {R"("float": [0, 1], "when": {})", {"E0109"}}}));
  CAPTURE(parameter);
  CHECK(codes(space_of(parameter)) == expected);
}

TEST_CASE("modifiers belong to types", "[decode]") {
  const auto [parameter, code] = GENERATE(table<std::string, std::string>({
      {R"("choice": [1, 2], "log": false)", "E0111"}, {R"("bool": true, "step": 1)", "E0111"},
      {R"("fixed": 1, "default": 1)", "E0111"}, {R"("ordinal": [1, 2], "log": true)", "E0111"},
      {R"("fixed": 1, "unit": "GeV", "description": "mass")", ""},
      {R"("float": [0, 1], "log": 1)", "E0103"}, {R"("float": [0, 1], "unit": 1)", "E0103"}}));
  CAPTURE(parameter);
  CHECK(codes(space_of(parameter)) == (code.empty() ? test::none : Codes{code}));
}

TEST_CASE("a default is a value of the parameter, in the parameter's own type", "[decode]") {
  const auto [parameter, value] = GENERATE(table<std::string, ParamValue>({
      {R"("float": [0, 1], "default": 1)", 1.0},
      {R"("int": [0, 4], "default": 2.0)", std::int64_t{2}},
      {R"("choice": ["a", 1], "default": 1.0)", std::int64_t{1}},
      {R"("ordinal": [0.5, 2.0], "default": 2)", 2.0},
      {R"("bool": true, "default": false)", false},
      {R"("float": [0, 1], "step": 0.1, "default": 0.3)", 0.3}}));
  const DecodedStudy decoded = decode_study(space_of(parameter));
  CAPTURE(parameter);
  REQUIRE(decoded.spec);
  CHECK(decoded.spec->space.parameters()[0].default_value == value);
}

TEST_CASE("a default outside is refused", "[decode]") {
  const std::string parameter = GENERATE(as<std::string>{},
      R"("float": [0, 1], "default": 1.1)", R"("float": [0, 1], "default": "1")",
      R"("int": [0, 4], "default": 2.5)", R"("int": [0, 4], "step": 2, "default": 3)",
      R"("choice": ["a", "b"], "default": "c")", R"("bool": true, "default": 1)",
      R"("float": [0, 1], "step": 0.1, "default": 0.35)", R"("float": [0, 1], "default": null)");
  CAPTURE(parameter);
  CHECK(codes(space_of(parameter)) == Codes{"E0204"});
}

TEST_CASE("texts of a parameter have limits", "[decode]") {
  const auto with = [](const std::string& key, std::size_t length) {
    return codes(space_of("\"float\": [0, 1], \"" + key + "\": \"" + std::string(length, 'x') +
                          "\""));
  };
  CHECK(with("unit", 64) == test::none);
  CHECK(with("unit", 65) == Codes{"E0109"});
  CHECK(with("description", 4096) == test::none);
  CHECK(with("description", 4097) == Codes{"E0109"});
}
