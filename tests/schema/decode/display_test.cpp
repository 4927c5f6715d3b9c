// User text on a terminal: nothing acts, everything has its width.
#include <catch2/catch.hpp>

#include "schema/decode/display.hpp"

namespace decode = hpo::decode;
using namespace hpo::decode;

TEST_CASE("characters that act on a terminal are shown as escapes", "[decode]") {
  const auto [text, expected] = GENERATE(table<std::string, std::string>({
      {"plain ü 试", "plain ü 试"}, {"\x1b[31m", "\\x1b[31m"}, {"a\nb\rc", "a\\nb\\rc"},
      {"\x7f", "\\x7f"}, {"\u0085", "\\x85"}, {"\u202e", "\\u202e"}, {"\ufeff", "\\ufeff"},
      {"\xff", "\\xff"}, {"\U000e0041", "\\U000e0041"}, {"a\tb", "a    b"}}));
  CHECK(visible(text) == expected);
}

TEST_CASE("visible text stays as it is when shown again", "[decode]") {
  CHECK(visible(visible("\x1b\u202e\xff\t")) == visible("\x1b\u202e\xff\t"));
}

TEST_CASE("widths follow the terminal, not the bytes", "[decode]") {
  CHECK(glyph_at("ü", 0).width == 1);
  CHECK(glyph_at("试", 0).width == 2);
  CHECK(glyph_at("\u0301", 0).width == 0);
  CHECK(glyph_at("\t", 0).width == 4);
  CHECK(glyph_at("\x1b", 0).width == 4);
}

TEST_CASE("quoted text is clipped by characters", "[decode]") {
  // By its room: <iomanip> has a quoted(), too.
  CHECK(decode::quoted("ab") == "\"ab\"");
  CHECK(decode::quoted(std::string(60, 'x')) == "\"" + std::string(60, 'x') + "\"");
  CHECK(decode::quoted(std::string(61, 'x')) == "\"" + std::string(60, 'x') + "…\"");
  CHECK(clipped("üüü", 2) == "üü…");
}

TEST_CASE("characters are counted, stray bytes as one each", "[decode]") {
  CHECK(count_characters("") == 0);
  CHECK(count_characters("aü试") == 3);
  CHECK(count_characters("\xff\xfe") == 2);
}
