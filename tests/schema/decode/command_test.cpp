// The command's argv, and the result's place.
#include <catch2/catch.hpp>

#include "tests/schema/decode/support.hpp"

using namespace hpo;
using test::Codes;
using test::codes;
using test::study;

TEST_CASE("a command is a list of 1 to 256 strings, the first one not empty", "[decode]") {
  const auto command = [](int count) {
    std::string list = "\"a\"";
    for (int i = 1; i < count; ++i) list += ", \"\"";
    return codes(study("\"command\": [" + list + "]"));
  };
  CHECK(command(256) == test::none);
  CHECK(command(257) == Codes{"E0109"});
  CHECK(codes(study(R"("command": [])")) == Codes{"E0109"});
  CHECK(codes(study(R"("command": [""])")) == Codes{"E0109"});
  CHECK(codes(study(R"("command": ["a", 1])")) == Codes{"E0103"});
  CHECK(codes(study(R"("command": "a b")")) == Codes{"E0103"});
}

TEST_CASE("an argument has 8192 characters at most", "[decode]") {
  CHECK(codes(study("\"command\": [\"" + std::string(8192, 'a') + "\"]")) == test::none);
  CHECK(codes(study("\"command\": [\"" + std::string(8193, 'a') + "\"]")) == Codes{"E0109"});
}

TEST_CASE("a parameter that the command forgets is worth a warning", "[decode]") {
  CHECK(codes(study(R"("command": ["a", "{lr}"])")) == Codes{"W0401"});
  CHECK(codes(study(R"("command": ["a", "{lr}", "{layers}"])")) == test::none);
  CHECK(codes(study(R"("command": ["a", "{lr}", "{params_file}"])")) == test::none);
  CHECK(codes(study(R"("command": ["a", "{trial}"])")) == test::none);
  CHECK(decode_study(study(R"("command": ["a", "{lr}"])")).spec);
}

TEST_CASE("limits of the result hold at the limit and refuse one past it", "[decode]") {
  const auto [result, code] = GENERATE(table<std::string, std::string>({
      {R"("max_bytes": 1024)", ""}, {R"("max_bytes": 1023)", "E0105"},
      {R"("max_bytes": 16777216)", ""}, {R"("max_bytes": 16777217)", "E0105"},
      {R"("file": "r.json")", ""}, {R"("file": "")", "E0109"}, {R"("file": "{x}")", "E0206"},
      {R"("file": "{lr}.json")", ""}, {R"("file": "{result_file}")", "E0214"},
      {R"("stdout": false)", ""}, {R"("stdout": "no")", "E0103"}, {R"("format": "hpo")", ""},
      {R"("format": "xml")", "E0108"}, {R"("format": 1)", "E0103"}}));
  CAPTURE(result);
  CHECK(codes(study("\"result\": {" + result + "}")) == (code.empty() ? test::none : Codes{code}));
}

TEST_CASE("trials at once that share a result file are worth a warning", "[decode]") {
  CHECK(codes(study(R"("parallel": 2, "result": {"file": "r.json"})")) == Codes{"W0403"});
  CHECK(codes(study(R"("parallel": 2, "result": {"file": "r{slot}.json"})")) == test::none);
  CHECK(codes(study(R"("parallel": 1, "result": {"file": "r.json"})")) == test::none);
}
