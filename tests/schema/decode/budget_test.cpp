// Budget and retry, at their limits and one past them.
#include <catch2/catch.hpp>

#include "tests/schema/decode/support.hpp"

using namespace hpo;
using test::Codes;
using test::codes;
using test::study;

TEST_CASE("limits of the budget hold at the limit and refuse one past it", "[decode]") {
  const auto [members, code] = GENERATE(table<std::string, std::string>({
      {R"("trials": 1)", ""}, {R"("trials": 0)", "E0105"}, {R"("trials": 10000000)", ""},
      {R"("trials": 10000001)", "E0105"}, {R"("time": "1s")", ""}, {R"("time": "0s")", "E0212"},
      {R"("time": "3650d")", ""}, {R"("time": "315360001s")", "E0212"},
      {R"("time": "soon")", "E0106"}, {R"("time": null)", "E0106"}, {R"("patience": 1)", ""},
      {R"("patience": 0)", "E0105"}, {R"("patience": 99)", ""}, {R"("patience": 100)", "W0404"},
      {R"("max_failures": 0)", ""}, {R"("max_failures": -1)", "E0105"},
      {R"("max_failures": 10000000)", ""}, {R"("max_failures": 10000001)", "E0105"},
      {R"("target": 0.1)", "E0315"}, {R"("node_hours": 4)", "E0217"}}));
  CAPTURE(members);
  CHECK(codes(study("\"budget\": {" + members + "}")) ==
        (code.empty() ? test::none : Codes{code}));
}

TEST_CASE("limits of retry hold at the limit and refuse one past it", "[decode]") {
  const auto [members, code] = GENERATE(table<std::string, std::string>({
      {R"("max": 0)", ""}, {R"("max": 20)", ""}, {R"("max": 21)", "E0105"},
      {R"("max": -1)", "E0105"}, {R"("on": [])", ""}, {R"("on": ["timeout", "signal"])", ""},
      {R"("on": ["timeuot"])", "E0108"}, {R"("on": ["oom"])", "E0108"}, {R"("on": [1])", "E0103"},
      {R"("on": "lost")", "E0103"}, {R"("scale": {})", "E0217"}}));
  CAPTURE(members);
  CHECK(codes(study("\"retry\": {" + members + "}")) == (code.empty() ? test::none : Codes{code}));
}

TEST_CASE("retry.on replaces the default list", "[decode]") {
  const DecodedStudy decoded = decode_study(study(R"("retry": {"on": ["exit_code"]})"));
  REQUIRE(decoded.spec);
  CHECK(decoded.spec->retry.on == std::vector<FailureClass>{FailureClass::exit_code});
}

TEST_CASE("every failure class is a word of retry.on", "[decode]") {
  for (const std::string_view failure : words<FailureClass>) {
    CHECK(codes(study("\"retry\": {\"on\": [\"" + std::string(failure) + "\"]}")) == test::none);
  }
}
