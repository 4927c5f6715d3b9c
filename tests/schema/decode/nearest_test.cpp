// nearest(): Damerau-Levenshtein up to 2, and not beyond.
#include <catch2/catch.hpp>

#include "schema/decode/decode.hpp"

using hpo::nearest;

TEST_CASE("nearest finds one slip of each kind", "[decode]") {
  const std::vector<std::string_view> known{"float", "int", "choice", "ordinal", "bool", "fixed"};
  const auto [word, expected] = GENERATE(table<std::string, std::string>({
      {"flaot", "float"},     // swapped
      {"flot", "float"},      // missing
      {"floaat", "float"},    // too many
      {"floet", "float"},     // wrong
      {"Float", "float"}, {"FLOAT", "float"},  // case does not count
      {"flt", "float"},       // two slips
      {"chioce", "choice"}, {"it", "int"},
      {"flt3e", ""},          // three slips
      {"xyz", ""}, {"", ""}, {"b", ""}}));
  CAPTURE(word);
  CHECK(nearest(word, known) == expected);
}

TEST_CASE("nearest is not fooled by short words that share nothing", "[decode]") {
  CHECK(nearest("wd", {"lr"}).empty());
  CHECK(nearest("lt", {"lr"}) == "lr");
}

TEST_CASE("of two words equally near, the first known one wins", "[decode]") {
  CHECK(nearest("maximise", {"minimize", "maximize"}) == "maximize");
  CHECK(nearest("boot", {"book", "boom"}) == "book");
}

TEST_CASE("a word of a megabyte is near nothing, at once", "[decode]") {
  const std::string word(1U << 20U, 'a');
  CHECK(nearest(word, {"a", "float"}).empty());
  CHECK(nearest(std::string(128, 'a'), {std::string_view(word).substr(0, 127)}).size() == 127);
}

TEST_CASE("what was meant is asked in one way", "[decode]") {
  CHECK(hpo::did_you_mean("lr") == "did you mean \"lr\"?");
}
