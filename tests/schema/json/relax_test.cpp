// Blanking what JSON lacks, without moving a byte.
#include <catch2/catch.hpp>

#include "schema/json/relax.hpp"

using namespace hpo::json;

namespace {

std::string comments(std::string_view text) { return relax(text, {.comments = true}).text; }
std::string non_finite(std::string_view text) { return relax(text, {.non_finite = true}).text; }

}  // namespace

TEST_CASE("comments become blanks of equal length, line ends stay", "[json]") {
  CHECK(comments("// ab\n1") == "     \n1");
  CHECK(comments("1// ab") == "1     ");
  CHECK(comments("[/*a\nb*/1]") == "[   \n   1]");
  CHECK(comments("/**/1") == "    1");
  CHECK(comments("/*/ 1 */2") == "        2");
}

TEST_CASE("a trailing comma becomes a blank only behind a value", "[json]") {
  CHECK(comments("[1,]") == "[1 ]");
  CHECK(comments("{\"a\":[1, ] , /* , */ }") == "{\"a\":[1  ]           }");
  CHECK(comments("[\"a\",]") == "[\"a\" ]");
  CHECK(comments("[,]") == "[,]");
  CHECK(comments("[1,,]") == "[1,,]");
}

TEST_CASE("strings are never touched", "[json]") {
  const std::string_view text = R"({"u":"http://x /* , */ ]","n":"NaN \" 1e999 // "})";
  CHECK(comments(text) == text);
  CHECK(non_finite(text) == text);
}

TEST_CASE("other spellings and endless integers become 0 only where they are asked for", "[json]") {
  const auto any = [](std::string_view text) {
    return relax(text, {.non_finite = true, .any_form = true}).text;
  };
  const std::string text = "[nan,-inf,-NaN," + std::string(309, '9') + "]";
  CHECK(non_finite(text) == text);
  CHECK(any(text) == "[0  ,0   ,0   ,0" + std::string(308, ' ') + "]");
  CHECK(any("[NaN,-2e999,1e308]") == non_finite("[NaN,-2e999,1e308]"));
  const std::string largest(308, '9');  // below 1.8e308
  CHECK(any("[" + largest + "]") == "[" + largest + "]");
}

TEST_CASE("a comment without end is reported with its beginning", "[json]") {
  CHECK(relax("[1] /* x", {.comments = true}).open_comment == 4);
  CHECK(relax("[1] /* x */", {.comments = true}).open_comment == std::string::npos);
}

TEST_CASE("non-finite numbers become finite ones of equal length", "[json]") {
  CHECK(non_finite("[NaN,-Infinity,Infinity]") == "[0  ,0        ,0       ]");
  CHECK(non_finite("[1e999,-2.5E+400,1e5]") == "[1    ,-2.5     ,1e5]");
  CHECK(non_finite("[1e-999]") == "[1e-999]");
  CHECK(non_finite("[NaNs,nan]") == "[NaNs,nan]");
}

TEST_CASE("without its option nothing is changed", "[json]") {
  CHECK(comments("[NaN,1e999]") == "[NaN,1e999]");
  CHECK(non_finite("[1,] // x") == "[1,] // x");
}
