// UTF-8 after Unicode 15, table 3-7: the edges of every row.
#include <catch2/catch.hpp>
#include <string>

#include "schema/json/utf8.hpp"

using namespace hpo::json;

TEST_CASE("well-formed sequences at the edges of each row are taken", "[json]") {
  for (const std::string_view text :
       {"a", "\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80",
        "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF3\xBF\xBF\xBF", "\xF4\x8F\xBF\xBF"}) {
    CHECK(utf8_length(text, 0) == text.size());
  }
}

TEST_CASE("overlong, surrogate, too high, cut and stray bytes are refused", "[json]") {
  for (const std::string_view text :
       {"\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF",
        "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "\xC3", "\xE2\x82", "\xF0\x9F\x98",
        "\xC3\x41", "\xE2\x82\x41", "\xF0\x9F\x98\x41"}) {
    INFO(static_cast<int>(static_cast<unsigned char>(text[0])));
    CHECK(utf8_length(text, 0) == 0);
  }
}

TEST_CASE("the first fault is found, or the end", "[json]") {
  CHECK(utf8_fault("abé") == 4);
  CHECK(utf8_fault("ab\xFF") == 2);
  CHECK(utf8_fault("é\xC3") == 2);
  CHECK(utf8_fault("") == 0);
}

TEST_CASE("a place is told in lines and characters, from 1", "[json]") {
  const std::string text = "ab\n\xC3\xA9\xE2\x82\xACx\xFFy";
  const auto place = [&](std::size_t offset) {
    const Place found = place_of(text, offset);
    return std::pair(found.line, found.column);
  };
  CHECK(place(0) == std::pair(1, 1));
  CHECK(place(2) == std::pair(1, 3));
  CHECK(place(3) == std::pair(2, 1));
  CHECK(place(8) == std::pair(2, 3));
  CHECK(place(10) == std::pair(2, 5));
  CHECK(place(99) == std::pair(2, 6));
}
