// Cursors know their pointer, and find what a pointer names.
#include "schema/decode/cursor.hpp"

#include <catch2/catch.hpp>

using namespace hpo;
using decode::Cursor;

TEST_CASE("a cursor's pointer is the way to it, escaped", "[decode]") {
  const json::Parsed parsed = json::parse(R"({"a": [1, {"b/c~": 2}], "": 3})");
  decode::Problems problems(20);
  const Cursor root(parsed.root, problems);
  const Cursor list = *root.find("a");
  CHECK(root.pointer().empty());
  CHECK(root.label() == "the study");
  CHECK(list.label() == "\"a\"");
  CHECK(list.items()[1].pointer() == "/a/1");
  CHECK(list.items()[1].label() == "an item of \"a\"");
  CHECK(list.items()[1].members()[0].pointer() == "/a/1/b~1c~0");
  CHECK(root.find("")->label() == "\"\"");
  CHECK_FALSE(root.find("b"));
  CHECK(root.items().empty());
}

TEST_CASE("a pointer below leads as far as it can", "[decode]") {
  const json::Parsed parsed = json::parse(R"({"a": [1, {"b/c~": 2}], "ab": 3})");
  decode::Problems problems(20);
  const Cursor root(parsed.root, problems);
  CHECK(root.below("").pointer().empty());
  CHECK(root.below("/a/1/b~1c~0").node().integer == 2);
  CHECK(root.below("/ab").node().integer == 3);
  CHECK(root.below("/a/7").pointer() == "/a");
  CHECK(root.below("nonsense").pointer().empty());
}

TEST_CASE("a problem lands at the value or at its key", "[decode]") {
  const json::Parsed parsed = json::parse(R"({"a": 1})");
  decode::Problems problems(20);
  const Cursor member = *Cursor(parsed.root, problems).find("a");
  member.add({.code = decode::Code::wrong_type});
  member.add_to_key({.code = decode::Code::unknown_key});
  DecodedStudy out;
  std::move(problems).finish(R"({"a": 1})", out);
  REQUIRE(out.problems.size() == 2);
  CHECK(out.problems[0].column == 2);
  CHECK(out.problems[1].column == 7);
}
