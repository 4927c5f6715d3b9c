// Typed reading: what passes, what is said when it does not, and names.
#include "schema/decode/read.hpp"

#include <catch2/catch.hpp>

#include "tests/schema/decode/support.hpp"

using namespace hpo;
using test::Codes;
using test::codes;
using test::study;

TEST_CASE("an integer may be written with a point or exponent, as in JSON Schema", "[decode]") {
  const auto [text, parallel] = GENERATE(table<std::string, int>({
      {"7", 7}, {"7.0", 7}, {"7e0", 7}, {"1e3", 1000}}));
  const DecodedStudy decoded = decode_study(study("\"parallel\": " + text));
  REQUIRE(decoded.spec);
  CHECK(decoded.spec->parallel == parallel);
}

TEST_CASE("what is no integer is refused by type, what is too large by range", "[decode]") {
  const auto [text, code] = GENERATE(table<std::string, std::string>({
      {"7.5", "E0103"}, {"\"7\"", "E0103"}, {"true", "E0103"}, {"null", "E0103"}, {"[7]", "E0103"},
      {"1e300", "E0105"}, {"-1", "E0105"}, {"9223372036854775807", "E0105"}, {"1e19", "E0105"}}));
  CAPTURE(text);
  CHECK(codes(study("\"parallel\": " + text)) == Codes{code});
}

TEST_CASE("a quoted number is told to lose its quotes", "[decode]") {
  CHECK(decode_study(study(R"("parallel": "4")")).problems.at(0).suggestion ==
        "write 4 without quotes");
}

TEST_CASE("texts are limited in characters, not bytes", "[decode]") {
  const auto description = [](std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += "ü";
    return codes(study("\"description\": \"" + text + "\""));
  };
  CHECK(description(4096) == test::none);
  CHECK(description(4097) == Codes{"E0109"});
}

TEST_CASE("names: letters, digits and few signs, 64 at most", "[decode]") {
  const auto [name, is_legal] = GENERATE(table<std::string, bool>({
      {"a", true}, {"7", true}, {"a.b_c-D9", true}, {std::string(64, 'a'), true},
      {std::string(65, 'a'), false}, {"", false}, {".", false}, {"..", false}, {"-a", false},
      {"_a", false}, {"a b", false}, {"a/b", false}, {"ä", false}, {"a\\n", false}}));
  CAPTURE(name);
  const Codes expected = is_legal ? test::none : Codes{"E0107"};
  CHECK(codes(study("\"name\": \"" + name + "\"")) == expected);
  CHECK(codes(study("\"tags\": [\"" + name + "\"]")) == expected);
  CHECK(codes(study("\"objective\": {\"minimize\": \"" + name + "\"}")) == expected);
}

TEST_CASE("parameters begin with a letter or _, and are 64 at most", "[decode]") {
  const auto [name, is_legal] = GENERATE(table<std::string, bool>({
      {"a", true}, {"_a", true}, {"a.b-c", true}, {std::string(64, 'a'), true},
      {std::string(65, 'a'), false}, {"7a", false}, {"", false}, {"a b", false}}));
  CAPTURE(name);
  CHECK(codes(study("\"space\": {\"" + name + "\": {\"float\": [0, 1]}}")) ==
        (is_legal ? test::none : Codes{"E0107"}));
}
