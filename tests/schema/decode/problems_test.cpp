// Problems in order, bounded; and a catalogue that explains every code.
#include "schema/decode/problems.hpp"

#include <catch2/catch.hpp>
#include <set>

#include "tests/schema/decode/support.hpp"

using namespace hpo;
using decode::Code;
using decode::Problems;

TEST_CASE("problems come by position, whatever the order of finding them", "[decode]") {
  Problems problems(20);
  problems.add({.offset = 5, .length = 1}, "/b", {.code = Code::unknown_key, .message = "b"});
  problems.add({.offset = 1, .length = 1}, "/a", {.code = Code::unused_parameter, .message = "a"});
  DecodedStudy out;
  CHECK(problems.errors() == 1);
  std::move(problems).finish("{\n ü\n}", out);
  REQUIRE(out.problems.size() == 2);
  CHECK(out.problems[0].pointer == "/a");
  CHECK(out.problems[0].severity == Severity::warning);
  CHECK((out.problems[0].line == 1 && out.problems[0].column == 2));
  CHECK((out.problems[1].line == 2 && out.problems[1].column == 3));  // ü is one column
}

TEST_CASE("twenty problems are kept, the others counted", "[decode]") {
  const int count = GENERATE(20, 21, 1000);
  std::string extra;
  for (int i = 0; i < count; ++i) {
    extra += std::string(i == 0 ? "" : ",\n") + "\"zz" + std::to_string(i) + "zz\": 1";
  }
  const DecodedStudy decoded = decode_study(test::study(extra));
  CHECK(decoded.problems.size() == DecodeOptions::problems_max);
  CHECK(decoded.problems_more == count - 20);
  CHECK_FALSE(decoded.spec);
  CHECK(decoded.problems.front().message == "unknown key \"zz0zz\"");
}

TEST_CASE("an error that did not fit still refuses the study", "[decode]") {
  Problems problems(1);
  problems.add({.offset = 1, .length = 1}, "", {.code = Code::unused_parameter});
  problems.add({.offset = 2, .length = 1}, "", {.code = Code::unknown_key});
  CHECK(problems.has_errors());
}

TEST_CASE("each code is explained once, with a title and a way out", "[decode]") {
  std::set<std::string_view> seen;
  for (const Explanation& explanation : explanations()) {
    CAPTURE(explanation.code);
    CHECK(seen.insert(explanation.code).second);
    CHECK(explanation.code.size() == 9);
    CHECK_FALSE(explanation.title.empty());
    CHECK(explanation.explanation.size() > 80);
    CHECK(explain(explanation.code) == &explanation);
  }
  CHECK(seen.size() > 40);
}

TEST_CASE("a code is found with and without HPO-, and an unknown one is not", "[decode]") {
  REQUIRE(explain("E0104"));
  CHECK(explain("E0104") == explain("HPO-E0104"));
  CHECK(explain("HPO-E0104")->title == "unknown parameter type");
  CHECK(explain("HPO-E9999") == nullptr);
  CHECK(explain("") == nullptr);
}
