// Every way in which a text is refused: its code, the place, and a hint in the message.
#include <catch2/catch.hpp>

#include "schema/json/node.hpp"

using namespace hpo::json;

namespace {

struct Case {
  std::string_view text{};
  std::string_view code{};
  std::size_t offset = 0;
  std::size_t length = 0;
  std::string_view pointer{};
  std::string_view hint{};  // part of the message
};

void check(const Case& c, const ParseOptions& options = {}) {
  INFO(c.text);
  const Parsed parsed = parse(c.text, options);
  REQUIRE(parsed.problems.size() == 1);
  const ParseProblem& problem = parsed.problems.front();
  INFO(problem.message);
  CHECK(problem.code == c.code);
  CHECK(problem.at.offset == c.offset);
  CHECK(problem.at.length == c.length);
  CHECK(problem.pointer == c.pointer);
  CHECK(problem.message.find(c.hint) != std::string::npos);
}

}  // namespace

TEST_CASE("text that is not JSON is refused where it goes wrong", "[json]") {
  const Case cases[] = {
      {"[1,,2]", "HPO-E0001", 3, 1, "/1", "comma without a value"},
      {"{,}", "HPO-E0001", 1, 1, "", "comma without a value"},
      {"[1,]", "HPO-E0001", 3, 1, "/1", "comma before ']'"},
      {"{\"a\":1,}", "HPO-E0001", 7, 1, "", "comma before '}'"},
      {"[1 2]", "HPO-E0001", 3, 1, "/1", "comma is missing"},
      {"{\"a\":1 \"b\":2}", "HPO-E0001", 7, 1, "", "comma is missing"},
      {"{\"a\" 1}", "HPO-E0001", 5, 1, "/a", "':' is missing"},
      {"{\"a\":}", "HPO-E0001", 5, 1, "/a", "value is expected"},
      {"{a:1}", "HPO-E0001", 1, 1, "", "double quotes"},
      {"{1:2}", "HPO-E0001", 1, 1, "", "double quotes"},
      {"{'a':1}", "HPO-E0001", 1, 1, "", "single quote"},
      {"[1}", "HPO-E0001", 2, 1, "/1", "write ']'"},
      {"{\"a\":1]", "HPO-E0001", 6, 1, "", "write '}'"},
      {"]", "HPO-E0001", 0, 1, "", "closes nothing"},
      {"{\"x\":[1,{\"y\":[0,zz]}]}", "HPO-E0001", 16, 2, "/x/1/y/1", "'zz' without quotes"},
  };
  for (const Case& c : cases) check(c);
}

TEST_CASE("words of other languages get the word of JSON", "[json]") {
  check({"{\"a\":True}", "HPO-E0001", 5, 4, "/a", "write true"});
  check({"{\"a\": False }", "HPO-E0001", 6, 5, "/a", "write false"});
  check({"[None]", "HPO-E0001", 1, 4, "/0", "write null"});
  check({"tru", "HPO-E0001", 0, 3, "", "without quotes"});
  check({"[truex]", "HPO-E0001", 1, 5, "/1", "without quotes"});
}

TEST_CASE("numbers that JSON does not know are shown as a whole", "[json]") {
  check({"[+1]", "HPO-E0001", 1, 2, "/0", "not a number"});
  check({"[.5]", "HPO-E0001", 1, 2, "/0", "not a number"});
  check({"[1.]", "HPO-E0001", 1, 2, "/0", "not a number"});
  check({"[01]", "HPO-E0001", 1, 2, "/1", "not a number"});
  check({"-", "HPO-E0001", 0, 1, "", "not a number"});
  check({"[1e]", "HPO-E0001", 1, 2, "/0", "not a number"});
}

TEST_CASE("a text that ends too early says what is open, and since which line", "[json]") {
  check({"[1", "HPO-E0001", 2, 0, "/1", "'[' of line 1"});
  check({"{\n\"a\": [\n1,", "HPO-E0001", 11, 0, "/a/1", "'[' of line 2"});
  check({"{\"a\"", "HPO-E0001", 4, 0, "/a", "add '}'"});
  check({"{\"a\":", "HPO-E0001", 5, 0, "/a", "add '}'"});
  check({"[\"abc", "HPO-E0001", 4, 1, "/0", "closing quote"});
}

TEST_CASE("faults inside a string point into the string", "[json]") {
  check({"[\"a\\q\"]", "HPO-E0001", 4, 1, "/0", "no such escape"});
  check({"[\"a\nb\"]", "HPO-E0001", 3, 1, "/0", "line break"});
  check({"[\"\\u12x4\"]", "HPO-E0001", 6, 1, "/0", "four hexadecimal digits"});
}

TEST_CASE("half a surrogate pair is not Unicode", "[json]") {
  for (const std::string_view text : {R"(["\ud800"])", R"(["\udc00"])", R"(["\ud800\u0041"])"}) {
    INFO(text);
    const Parsed parsed = parse(text);
    REQUIRE(parsed.problems.size() == 1);
    CHECK(parsed.problems[0].code == "HPO-E0005");
  }
}

TEST_CASE("text behind the value is refused", "[json]") {
  check({"{} x", "HPO-E0001", 3, 1, "", "behind the end"});
  check({"{}{}", "HPO-E0001", 2, 1, "", "behind the end"});
  check({"{\"a\":1}}", "HPO-E0001", 7, 1, "", "behind the end"});
}

TEST_CASE("an empty text is told apart from a broken one", "[json]") {
  check({"", "HPO-E0007", 0, 0, "", "empty"});
  check({" \n\t", "HPO-E0007", 0, 0, "", "empty"});
  check({"// nothing\n", "HPO-E0007", 0, 0, "", "empty"}, {.comments = true});
}

TEST_CASE("bytes that are not text are refused before anything is read", "[json]") {
  check({"\xEF\xBB\xBF{}", "HPO-E0005", 0, 3, "", "byte-order mark"});
  check({"[\"a\xFF\"]", "HPO-E0005", 3, 1, "", "not UTF-8"});
  check({"[\"\xC0\x80\"]", "HPO-E0005", 2, 1, "", "not UTF-8"});
  check({"[\"\xED\xA0\x80\"]", "HPO-E0005", 2, 1, "", "not UTF-8"});
  check({std::string_view("{}\0x", 4), "HPO-E0005", 2, 1, "", "zero byte"});
  check({std::string_view("[\"a\0\"]", 6), "HPO-E0005", 3, 1, "", "zero byte"});
  check({"[\"a\\u0000\"]", "HPO-E0005", 1, 9, "/0", "\\u0000"});
  check({"{\"a\\u0000\":1}", "HPO-E0005", 1, 9, "", "\\u0000"});
}

TEST_CASE("numbers beyond their range are refused", "[json]") {
  check({"[1e999]", "HPO-E0006", 1, 5, "/0", "1.8e308"});
  check({"{\"a\":-1e400 }", "HPO-E0006", 5, 6, "/a", "1.8e308"});
  check({"[9223372036854775808]", "HPO-E0006", 1, 19, "/0", "64 bits"});
  check({"[-9223372036854775809]", "HPO-E0006", 1, 20, "/0", "64 bits"});
  check({"[18446744073709551616]", "HPO-E0006", 1, 20, "/0", "64 bits"});
  check({"{\"a\":NaN}", "HPO-E0006", 5, 3, "/a", "NaN"});
  check({"[-Infinity]", "HPO-E0006", 1, 9, "/0", "Infinity"});
}

TEST_CASE("a key that occurs twice is shown at its second place", "[json]") {
  check({"{\"a\":1,\"b\":2,\"a\":3}", "HPO-E0004", 13, 3, "/a", "twice"});
  check({"[{\"x\":{\"p/q\":1,\"p/q\":1}}]", "HPO-E0004", 15, 5, "/0/x/p~1q", "twice"});
  check({"{\"\\u0061\":1,\"a\":2}", "HPO-E0004", 12, 3, "/a", "twice"});
}

TEST_CASE("several duplicates are told in the order of the text", "[json]") {
  const Parsed parsed = parse(R"({"o":{"x":1,"x":2},"b":1,"a":1,"b":1,"a":1})");
  REQUIRE(parsed.problems.size() == 3);
  CHECK(parsed.problems[0].pointer == "/o/x");
  CHECK(parsed.problems[1].pointer == "/b");
  CHECK(parsed.problems[2].pointer == "/a");
}

TEST_CASE("comments and trailing commas are for files", "[json]") {
  check({"// x\n{}", "HPO-E0001", 0, 1, "", "comments"});
  check({"{/* x */}", "HPO-E0001", 1, 1, "", "comments"});
  check({"# x\n{}", "HPO-E0001", 0, 1, "", "'#'"}, {.comments = true});
  check({"{} /* x", "HPO-E0001", 3, 2, "", "add */"}, {.comments = true});
  check({"[,]", "HPO-E0001", 1, 1, "/0", "comma without a value"}, {.comments = true});
  check({"[1,,]", "HPO-E0001", 3, 1, "/1", "comma without a value"}, {.comments = true});
}
