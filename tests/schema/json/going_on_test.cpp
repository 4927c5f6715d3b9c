// What is refused without an end to the reading: which stand-in the tree has, and what is told.
#include <catch2/catch.hpp>

#include "schema/json/node.hpp"
#include "tests/cpu_time.hpp"

using namespace hpo::json;

namespace {

constexpr ParseOptions going{.keep_going = true};

// "code@offset+length pointer" of each problem.
std::vector<std::string> told(const Parsed& parsed) {
  std::vector<std::string> all;
  for (const ParseProblem& problem : parsed.problems) {
    all.push_back(std::string(problem.code.substr(4)) + "@" + std::to_string(problem.at.offset) +
                  "+" + std::to_string(problem.at.length) + " " + problem.pointer);
  }
  return all;
}

using Told = std::vector<std::string>;

}  // namespace

TEST_CASE("a number that cannot be kept becomes null, and reading goes on", "[json]") {
  for (const std::string number : {"NaN", "-NaN", "nan", "inf", "-inf", "Infinity", "-Infinity",
                                   "1e999", "-2.5E+400", "9223372036854775808",
                                   "-9223372036854775809"}) {
    CAPTURE(number);
    const Parsed parsed = parse("[1," + number + " ,{\"a\":2}]", going);
    CHECK(told(parsed) == Told{"E0006@3+" + std::to_string(number.size()) + " /1"});
    REQUIRE(parsed.is_whole);
    CHECK(node_text(parsed.root) == "[1,null,{\"a\":2}]");
  }
}

TEST_CASE("a number of a thousand digits is one that cannot be kept", "[json]") {
  const std::string digits(1000, '7');
  for (const std::string& number : {digits, "-" + digits, digits + ".5"}) {
    const Parsed parsed = parse("[" + number + ",1]", going);
    CHECK(told(parsed) == Told{"E0006@1+" + std::to_string(number.size()) + " /0"});
    CHECK(parsed.is_whole);
  }
  CHECK(parse("[0." + digits + "]", going).problems.empty());  // long, and small enough
}

TEST_CASE("words like numbers stay errors where no value can stand", "[json]") {
  for (const std::string_view text : {"{NaN:1}", "[1 NaN]", "NaN NaN", "[+1e999]", "[01e999]",
                                      "[.5e999]", "[NaNs]", "[infinite]"}) {
    CAPTURE(text);
    const Parsed parsed = parse(text, going);
    CHECK_FALSE(parsed.is_whole);
    CHECK_FALSE(parsed.problems.empty());
  }
}

TEST_CASE("\\u0000 is left out of keys and strings", "[json]") {
  const Parsed parsed = parse(R"({"a\u0000b":["\u0000","c\u0000"],"d":1})");
  CHECK(told(parsed) == Told{"E0005@1+10 ", "E0005@13+8 /ab/0", "E0005@22+9 /ab/1"});
  REQUIRE(parsed.is_whole);
  CHECK(node_text(parsed.root) == R"({"ab":["","c"],"d":1})");
}

TEST_CASE("of equal keys the first one stays", "[json]") {
  const Parsed parsed = parse(R"({"b":1,"a":2,"b":{"a":3,"a":4},"b":5,"c":6})");
  CHECK(told(parsed) == Told{"E0004@13+3 /b", "E0004@24+3 /b/a", "E0004@31+3 /b"});
  REQUIRE(parsed.is_whole);
  CHECK(node_text(parsed.root) == R"({"b":1,"a":2,"c":6})");
}

TEST_CASE("one place has one problem", "[json]") {
  const Parsed parsed = parse(R"({"a":1,"a\u0000":2})");
  CHECK(told(parsed) == Told{"E0005@7+9 "});
  CHECK(node_text(parsed.root) == R"({"a":1})");
}

TEST_CASE("a syntax error comes last and ends the reading", "[json]") {
  const Parsed parsed = parse(R"({"a":NaN,"b":[1,,2],"c":NaN})", going);
  CHECK(told(parsed) == Told{"E0006@5+3 /a", "E0001@16+1 /b/1"});
  CHECK_FALSE(parsed.is_whole);
  CHECK_FALSE(parse("[NaN,NaN]").is_whole);  // only for those who ask for more
  CHECK(parse("[NaN,NaN]").problems.size() == 1);
}

TEST_CASE("the first twenty by position are told, the others counted", "[json]") {
  std::string text = "{\"a\":0,\"a\":[NaN";  // the key is found out last
  for (int i = 1; i < 30; ++i) text += ",NaN";
  const Parsed parsed = parse(text + "]}", going);
  REQUIRE(parsed.problems.size() == 20);
  CHECK(told(parsed).front() == "E0004@7+3 /a");
  CHECK(told(parsed).back() == "E0006@84+3 /a/18");
  CHECK(parsed.problems_more == 11);
}

TEST_CASE("megabytes of refused values under a long key are read in bounded time", "[json]") {
  const std::string key(1U << 20U, 'k');
  std::string list;
  for (int i = 0; i < 200'000; ++i) list += "NaN,{\"a\":1,\"a\":2},";
  const hpo::test::CpuTime taken;
  const Parsed parsed = parse("{\"" + key + "\":[" + list + "0]}",
                              {.bytes_max = 8U << 20U, .keep_going = true});
  CHECK(parsed.problems.size() == 20);
  CHECK(parsed.problems_more == 400'000 - 20);
  CHECK(parsed.is_whole);
  CHECK(taken.seconds() < hpo::test::seconds_max);
}
