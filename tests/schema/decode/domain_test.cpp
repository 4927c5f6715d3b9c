// Domains: ranges with scale and step, and lists of values.
#include <catch2/catch.hpp>

#include "tests/schema/decode/support.hpp"

using namespace hpo;
using test::Codes;
using test::codes;
using test::space_of;

namespace {

Domain domain_of(const std::string& parameter) {
  const DecodedStudy decoded = decode_study(space_of(parameter));
  INFO(parameter);
  REQUIRE(decoded.spec);
  return decoded.spec->space.parameters()[0].domain;
}

}  // namespace

TEST_CASE("a float has two ends, a scale and perhaps a step", "[decode]") {
  const auto plain = std::get<FloatDomain>(domain_of(R"("float": [-1, 2.5])"));
  CHECK((plain.low == -1.0 && plain.high == 2.5 && plain.scale == Scale::linear && !plain.step));
  const auto log = std::get<FloatDomain>(domain_of(R"("float": [1e-5, 1], "log": true)"));
  CHECK(log.scale == Scale::log);
  CHECK(std::get<FloatDomain>(domain_of(R"("float": [0, 1], "step": 0.1)")).step == 0.1);
  CHECK(std::get<FloatDomain>(domain_of(R"("float": [0, 1], "log": false)")).scale ==
        Scale::linear);
}

TEST_CASE("an int may be written as 8.0, as JSON Schema has it", "[decode]") {
  const auto domain = std::get<IntDomain>(domain_of(R"("int": [1.0, 8e0], "step": 7.0)"));
  CHECK((domain.low == 1 && domain.high == 8 && domain.step == 7));
}

TEST_CASE("ranges that cannot be are refused by name", "[decode]") {
  const auto [parameter, code] = GENERATE(table<std::string, std::string>({
      {R"("float": [1, 0])", "E0201"}, {R"("float": [1, 1.0])", "E0201"},
      {R"("int": [3, 3])", "E0201"}, {R"("int": [3, 4])", ""},
      {R"("float": [0, 1], "log": true)", "E0202"}, {R"("float": [-1, 1], "log": true)", "E0202"},
      {R"("float": [5e-324, 1], "log": true)", ""}, {R"("int": [0, 4], "log": true)", "E0202"},
      {R"("int": [1, 4], "log": true)", ""},
      {R"("float": [0, 1], "step": 0.3)", "E0203"}, {R"("float": [0, 1], "step": 2)", "E0203"},
      {R"("float": [0, 1], "step": 1)", ""}, {R"("int": [0, 5], "step": 2)", "E0203"},
      {R"("float": [0.1, 1], "step": 0.1, "log": true)", "E0203"},
      {R"("int": [1, 9], "step": 2, "log": true)", "E0203"},
      {R"("int": [1, 9], "step": 1, "log": true)", ""},
      {R"("float": [0, 1], "step": 0)", "E0105"}, {R"("float": [0, 1], "step": -1)", "E0105"},
      {R"("int": [0, 4], "step": 0)", "E0105"}, {R"("int": [0, 4], "step": 0.5)", "E0103"},
      {R"("int": [-9007199254740992, 9007199254740992])", ""},
      {R"("int": [0, 9007199254740993])", "E0215"}, {R"("int": [-9007199254740993, 0])", "E0215"},
      {R"("int": [0, 1e300])", "E0215"}, {R"("float": [-1e308, 1e308])", "E0215"},
      {R"("float": [0, 1e308])", ""}, {R"("int": [0.5, 2])", "E0103"},
      {R"("float": ["0", 1])", "E0103"}, {R"("float": 3)", "E0103"}, {R"("float": [0])", "E0109"},
      {R"("float": [0, 1, 2])", "E0109"}}));
  CAPTURE(parameter);
  CHECK(codes(space_of(parameter)) == (code.empty() ? test::none : Codes{code}));
}

TEST_CASE("lists keep their values as they are written", "[decode]") {
  const auto choice = std::get<ChoiceDomain>(domain_of(R"("choice": ["a", 1, 2.0, true])"));
  CHECK(choice.choices == std::vector<ParamValue>{std::string("a"), std::int64_t{1}, 2.0, true});
  const auto ordinal = std::get<OrdinalDomain>(domain_of(R"("ordinal": [64, 0.5])"));
  CHECK(ordinal.levels == std::vector<ParamValue>{std::int64_t{64}, 0.5});
  CHECK(std::get<FixedDomain>(domain_of(R"("fixed": 10)")).value == ParamValue(std::int64_t{10}));
  CHECK(std::holds_alternative<BoolDomain>(domain_of(R"("bool": true)")));
}

TEST_CASE("lists that cannot be are refused by name", "[decode]") {
  const auto [parameter, code] = GENERATE(table<std::string, std::string>({
      {R"("choice": ["a", "a"])", "E0205"}, {R"("choice": [1, 1.0])", "E0205"},
      {R"("choice": [1, true])", ""}, {R"("choice": ["1", 1])", ""},
      {R"("choice": [9007199254740993, 9007199254740992])", ""},
      {R"("choice": ["a"])", "E0109"}, {R"("choice": [])", "E0109"},
      {R"("choice": ["a", null])", "E0103"}, {R"("choice": ["a", ["b"]])", "E0103"},
      {R"("ordinal": [1, "a"])", "E0103"}, {R"("ordinal": [true, false])", "E0103"},
      {R"("ordinal": ["s", "m", "l"])", ""}, {R"("bool": false)", "E0103"},
      {R"("bool": 1)", "E0103"}, {R"("fixed": null)", "E0103"}, {R"("fixed": [1])", "E0103"},
      {R"("fixed": "")", ""}}));
  CAPTURE(parameter);
  CHECK(codes(space_of(parameter)) == (code.empty() ? test::none : Codes{code}));
}

TEST_CASE("1024 choices are fine, 1025 are too many", "[decode]") {
  const auto choices = [](int count) {
    std::string list = "0";
    for (int i = 1; i < count; ++i) list += ", " + std::to_string(i);
    return codes(space_of("\"choice\": [" + list + "]"));
  };
  CHECK(choices(1024) == test::none);
  CHECK(choices(1025) == Codes{"E0109"});
}
