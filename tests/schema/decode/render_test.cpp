// The excerpt: clipped, aligned, never beyond its line. Whole messages are in golden/.
#include <catch2/catch.hpp>

#include "schema/decode/render_excerpt.hpp"
#include "tests/schema/decode/support.hpp"

using namespace hpo;
using hpo::decode::make_excerpt;

TEST_CASE("the caret stands under its text", "[decode]") {
  const auto excerpt = make_excerpt("a\n  bc d\n", {.offset = 4, .length = 2});
  CHECK(excerpt.line == "  bc d");
  CHECK(excerpt.carets == "  ^^");
}

TEST_CASE("a mark over several lines ends with its first", "[decode]") {
  const auto excerpt = make_excerpt("x {\n1\n}", {.offset = 2, .length = 6});
  CHECK(excerpt.line == "x {");
  CHECK(excerpt.carets == "  ^");
}

TEST_CASE("places at the ends of the text have an excerpt too", "[decode]") {
  CHECK(make_excerpt("", {}).carets == "^");
  CHECK(make_excerpt("ab", {.offset = 2, .length = 0}).carets == "  ^");
  CHECK(make_excerpt("ab\n", {.offset = 3, .length = 5}).line.empty());
  CHECK(make_excerpt("ab", {.offset = 99, .length = 9}).line == "ab");
  CHECK(make_excerpt("ab\r\n", {.offset = 0, .length = 9}).carets == "^^");
}

TEST_CASE("a line of a megabyte is clipped around the caret", "[decode]") {
  const std::string text = std::string(500'000, 'a') + "ERR" + std::string(500'000, 'b');
  const auto excerpt = make_excerpt(text, {.offset = 500'000, .length = 3});
  CHECK(excerpt.line.size() < 120);
  CHECK(excerpt.line.starts_with("…"));
  CHECK(excerpt.line.ends_with("…"));
  const std::size_t caret = excerpt.carets.find('^');
  CHECK(excerpt.line.substr(caret + 2, 3) == "ERR");  // "…" has two bytes more than columns
}

TEST_CASE("a clipped line never cuts a character in two", "[decode]") {
  std::string text;
  for (int i = 0; i < 3000; ++i) text += "ü";
  const std::size_t offset = GENERATE(2000U, 2002U, 3000U);
  const auto excerpt = make_excerpt(text, {.offset = offset, .length = 2});
  CHECK(excerpt.line.find("\\x") == std::string::npos);
}

TEST_CASE("no output carries control characters, whatever the text is", "[decode]") {
  const std::string text = test::study("\"\\u001b[2J\x7f\": 1, \"n\xC2\x9B\": {}");
  const std::string out = render_all(decode_study(text), text, "bad\x1b.json");
  CHECK_FALSE(out.empty());
  for (const char c : out) CHECK((c == '\n' || static_cast<unsigned char>(c) >= 0x20));
  CHECK(out.find('\x7f') == std::string::npos);
  CHECK(out.find("\xC2\x9B") == std::string::npos);
}

TEST_CASE("a study without problems renders to nothing", "[decode]") {
  const std::string text = test::study();
  CHECK(render_all(decode_study(text), text, "a.json").empty());
}

TEST_CASE("the first error is shown in full, even behind a warning", "[decode]") {
  const std::string text = test::study(R"("executor": {"type": "local", "slots": 9}, "x": 1)");
  const std::string out = render_all(decode_study(text), text, "a.json");
  CHECK(out.find("error[HPO-E0101]") < out.find("warning[HPO-W0404]"));
}
