// What json::parse reads, and where it says each thing stood.
#include <catch2/catch.hpp>
#include <cmath>

#include "schema/json/node.hpp"

using namespace hpo::json;

namespace {

std::string_view at(std::string_view text, const Position& position) {
  return text.substr(position.offset, position.length);
}

Node read(std::string_view text, const ParseOptions& options = {}) {
  Parsed parsed = parse(text, options);
  INFO(text);
  REQUIRE(parsed.problems.empty());
  return std::move(parsed.root);
}

}  // namespace

TEST_CASE("every kind of value is read as what it was written", "[json]") {
  const Node root = read(R"({"n":null,"t":true,"f":false,"i":-7,"d":1.0,"s":"é\n","a":[],"o":{}})");
  REQUIRE(root.kind == Kind::object);
  REQUIRE(root.members.size() == 8);
  CHECK(root.find("n")->kind == Kind::null);
  CHECK(root.find("t")->boolean);
  CHECK_FALSE(root.find("f")->boolean);
  CHECK(root.find("i")->kind == Kind::integer);
  CHECK(root.find("i")->integer == -7);
  CHECK(root.find("i")->number == -7.0);
  CHECK(root.find("d")->kind == Kind::number);
  CHECK(root.find("d")->number == 1.0);
  CHECK(root.find("s")->string == "é\n");
  CHECK(root.find("a")->kind == Kind::array);
  CHECK(root.find("o")->kind == Kind::object);
  CHECK(root.find("absent") == nullptr);
  CHECK(root.find("a")->find("n") == nullptr);
}

TEST_CASE("members keep the order of the text", "[json]") {
  const Node root = read(R"({"z":1,"a":2,"m":3})");
  CHECK(root.members[0].key == "z");
  CHECK(root.members[1].key == "a");
  CHECK(root.members[2].key == "m");
}

TEST_CASE("a scalar alone is a whole text", "[json]") {
  CHECK(read(" 12 ").integer == 12);
  CHECK(read("\"x\"").string == "x");
  CHECK(read("null").kind == Kind::null);
}

TEST_CASE("positions cover each key and value exactly", "[json]") {
  const std::string_view text =
      "{ \"lr\" : {\"float\": [1e-5,\t-0.1 ] ,\n \"log\":true},\"s\":\"a\\\"b\"}";
  const Node root = read(text);
  CHECK(at(text, root.at) == text);
  const Member& lr = root.members[0];
  CHECK(at(text, lr.key_at) == "\"lr\"");
  CHECK(at(text, lr.value.at) == "{\"float\": [1e-5,\t-0.1 ] ,\n \"log\":true}");
  const Node& list = lr.value.members[0].value;
  CHECK(at(text, list.at) == "[1e-5,\t-0.1 ]");
  CHECK(at(text, list.items[0].at) == "1e-5");
  CHECK(at(text, list.items[1].at) == "-0.1");
  CHECK(at(text, lr.value.members[1].key_at) == "\"log\"");
  CHECK(at(text, lr.value.members[1].value.at) == "true");
  CHECK(at(text, root.members[1].value.at) == "\"a\\\"b\"");
}

TEST_CASE("positions stay right behind comments, commas and non-finite numbers", "[json]") {
  const std::string_view text =
      "// \"a\": 1\n{\"a\":/*,*/ NaN, // x\n\"b\":[-Infinity,1e999 ,],}";
  const Node root = read(text, {.comments = true, .non_finite = true});
  CHECK(at(text, root.members[0].key_at) == "\"a\"");
  CHECK(at(text, root.members[0].value.at) == "NaN");
  const Node& list = root.members[1].value;
  REQUIRE(list.items.size() == 2);
  CHECK(at(text, list.items[0].at) == "-Infinity");
  CHECK(at(text, list.items[1].at) == "1e999");
  CHECK(at(text, root.at) == text.substr(10));
}

TEST_CASE("Python's non-finite numbers are read in results", "[json]") {
  const Node root = read("[NaN,Infinity,-Infinity,1e999,-1e999,100000000000000000000]",
                         {.non_finite = true});
  for (const Node& item : root.items) CHECK(item.kind == Kind::number);
  CHECK(std::isnan(root.items[0].number));
  CHECK(root.items[1].number == INFINITY);
  CHECK(root.items[2].number == -INFINITY);
  CHECK(root.items[3].number == INFINITY);
  CHECK(root.items[4].number == -INFINITY);
  CHECK(root.items[5].number == 1e20);
}

TEST_CASE("the integers are those of 64 bits, exactly", "[json]") {
  const Node root = read("[9223372036854775807,-9223372036854775808,0,-0]");
  CHECK(root.items[0].integer == INT64_MAX);
  CHECK(root.items[1].integer == INT64_MIN);
  for (const Node& item : root.items) CHECK(item.kind == Kind::integer);
}

TEST_CASE("a number too small for a double is zero, not a fault", "[json]") {
  const Node root = read("[1e-999]");
  CHECK(root.items[0].number == 0.0);
}

TEST_CASE("surrogate pairs and escapes are decoded", "[json]") {
  CHECK(read(R"("\ud83d\ude00\u00e9\/\\")").string == "\xF0\x9F\x98\x80\xC3\xA9/\\");
}

TEST_CASE("a pointer's step escapes tilde and slash", "[json]") {
  CHECK(pointer_token("a/b~c") == "a~1b~0c");
  CHECK(pointer_token("plain") == "plain");
}

TEST_CASE("text of our own that was changed is corrupt, and the error says where", "[json]") {
  const auto damaged = parse_own("{\"a\":[1,}", "exit.json");
  REQUIRE_FALSE(damaged);
  CHECK(damaged.error().code == hpo::ErrorCode::corrupt);
  CHECK(damaged.error().where.find("exit.json") != std::string::npos);
  CHECK(damaged.error().where.find("/a/1") != std::string::npos);
  CHECK_FALSE(damaged.error().remedy.empty());
  CHECK(parse_own("{\"a\":[1]}", "exit.json"));
}
