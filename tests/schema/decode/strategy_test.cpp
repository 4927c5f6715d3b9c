// Strategies by name.
#include <catch2/catch.hpp>

#include "tests/schema/decode/support.hpp"

using namespace hpo;
using test::Codes;
using test::codes;
using test::study;

TEST_CASE("a strategy is a word or an object", "[decode]") {
  for (const char* text : {R"("sobol")", R"({"type": "sobol"})",
                           R"({"type": "sobol", "options": {}})"}) {
    const DecodedStudy decoded = decode_study(study(std::string("\"strategy\": ") + text));
    CAPTURE(text);
    REQUIRE(decoded.spec);
    CHECK(decoded.spec->strategy.type == "sobol");
  }
}

TEST_CASE("options are read as what their strategy takes", "[decode]") {
  const DecodedStudy decoded = decode_study(study(
      R"("strategy": {"type": "cma_es", "options": {"sigma0": 1, "population": 8.0,
                                                    "restarts": "bipop"}})"));
  REQUIRE(decoded.spec);
  const auto& options = decoded.spec->strategy.options;
  CHECK(options.size() == 3);
  CHECK(options.at("sigma0") == ParamValue(1.0));
  CHECK(options.at("population") == ParamValue(std::int64_t{8}));
  CHECK(options.at("restarts") == ParamValue(std::string("bipop")));
}

TEST_CASE("a strategy that cannot be is refused by name", "[decode]") {
  const auto [strategy, code] = GENERATE(table<std::string, std::string>({
      {R"("sobl")", "E0108"}, {R"("nsga2")", "E0312"}, {R"({"type": "turbo"})", "E0312"},
      {R"({"type": "rnd"})", "E0108"}, {R"({})", "E0102"}, {R"({"typ": "sobol"})", "E0101"},
      {R"({"type": 1})", "E0103"}, {"1", "E0103"},
      {R"({"type": "sobol", "options": {"a": 1}})", "E0101"},
      {R"({"type": "sobol", "options": []})", "E0103"},
      {R"({"type": "cma_es", "options": {"sigma": 1}})", "E0101"},
      {R"({"type": "cma_es", "options": {"sigma0": 2}})", "E0105"},
      {R"({"type": "cma_es", "options": {"population": 8.5}})", "E0103"},
      {R"({"type": "cma_es", "options": {"restarts": "ipo"}})", "E0108"}}));
  CAPTURE(strategy);
  CHECK(codes(study("\"strategy\": " + strategy)) == Codes{code});
}

TEST_CASE("an external strategy is a program with limits, and options of its own", "[decode]") {
  const DecodedStudy decoded = decode_study(study(
      R"("strategy": {"type": "external", "command": ["python3", "s.py", ""], "time": "2m",
                      "memory": "512M", "options": {"a": [1, {"b": null}], "c": "{x}"}})"));
  REQUIRE(decoded.spec);
  const ExternalSpec& external = decoded.spec->strategy.external;
  CHECK(external.command == std::vector<std::string>{"python3", "s.py", ""});
  CHECK(external.time == std::chrono::seconds(120));
  CHECK(external.memory_bytes == std::int64_t{512} << 20U);
  CHECK(external.options == R"({"a":[1,{"b":null}],"c":"{x}"})");
}

TEST_CASE("an external strategy that cannot be is refused", "[decode]") {
  const auto [strategy, code] = GENERATE(table<std::string, std::string>({
      {R"("external")", "E0102"}, {R"({"type": "external"})", "E0102"},
      {R"({"type": "external", "command": "a b"})", "E0103"},
      {R"({"type": "external", "command": []})", "E0109"},
      {R"({"type": "external", "command": [""]})", "E0109"},
      {R"({"type": "external", "command": ["a"], "options": []})", "E0103"},
      {R"({"type": "external", "command": ["a"], "optoins": {}})", "E0101"},
      {R"({"type": "external", "command": ["a"], "time": "0s"})", "E0212"},
      {R"({"type": "external", "command": ["a"], "time": "2h"})", "E0212"},
      {R"({"type": "external", "command": ["a"], "memory": "1M"})", "E0219"},
      {R"({"type": "sobol", "command": ["a"]})", "E0111"},
      {R"({"type": "tpe", "time": "1m"})", "E0111"}}));
  CAPTURE(strategy);
  CHECK(codes(study("\"strategy\": " + strategy)) == Codes{code});
}
