// What json::Writer writes reads back equal: doubles bit by bit, text byte by byte.
#include <bit>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <random>

#include "schema/json/node.hpp"
#include "schema/json/writer.hpp"

using namespace hpo;
using json::Writer;

TEST_CASE("objects and arrays get their commas and brackets", "[json]") {
  Writer w;
  w.object().key("lr").value(0.001).key("tags").array().value("a").value("b").end();
  w.key("none").null().key("raw").raw("[1]").key("o").object().end().end();
  CHECK(w.text() == R"({"lr":0.001,"tags":["a","b"],"none":null,"raw":[1],"o":{}})");
}

TEST_CASE("lists, maps, options and params are values", "[json]") {
  Writer w;
  w.array().value(std::vector<int>{1, 2}).value(std::map<std::string, double>{{"m", 1.0}});
  w.value(std::optional<int>{}).value(std::optional<int>{3});
  w.value(ParamValue(std::string("x"))).value(ParamValue(true)).value(ParamValue(2.0));
  w.value(ParamValue(std::int64_t{2})).end();
  CHECK(w.text() == R"([[1,2],{"m":1.0},null,3,"x",true,2.0,2])");
}

TEST_CASE("a double is written short and stays a double", "[json]") {
  CHECK(json::number_text(1.0) == "1.0");
  CHECK(json::number_text(0.1) == "0.1");
  CHECK(json::number_text(1e-5) == "1e-05");
  CHECK(json::number_text(-0.0) == "-0.0");
  CHECK(json::number_text(1e22) == "1e+22");
  CHECK(json::number_text(std::numeric_limits<double>::quiet_NaN()) == "null");
  CHECK(json::number_text(-std::numeric_limits<double>::infinity()) == "null");
}

TEST_CASE("the extreme integers are written exactly", "[json]") {
  Writer w;
  w.array().value(INT64_MIN).value(INT64_MAX).value(UINT64_MAX).end();
  CHECK(w.text() == "[-9223372036854775808,9223372036854775807,18446744073709551615]");
}

TEST_CASE("a hundred thousand random doubles read back bit by bit", "[json]") {
  constexpr std::uint64_t seed = 20261121;
  constexpr int count = 100'000;
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  std::vector<double> numbers{0.0, -0.0, 5e-324, -5e-324, std::numeric_limits<double>::max(),
                              std::numeric_limits<double>::min(), 0.1, 1.0 / 3.0,
                              9007199254740993.0};
  while (numbers.size() < count) {
    const double number = std::bit_cast<double>(random());
    if (std::isfinite(number)) numbers.push_back(number);
  }
  Writer w;
  w.value(numbers);
  const json::Parsed parsed = json::parse(w.text());
  REQUIRE(parsed.problems.empty());
  REQUIRE(parsed.root.items.size() == numbers.size());
  int differ = 0;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const json::Node& item = parsed.root.items[i];
    const bool is_equal = item.kind == json::Kind::number &&
        std::bit_cast<std::uint64_t>(item.number) == std::bit_cast<std::uint64_t>(numbers[i]);
    if (!is_equal) ++differ;
  }
  CHECK(differ == 0);
}

TEST_CASE("control characters, quotes and backslashes are escaped", "[json]") {
  Writer w;
  w.value(std::string("\"\\\n\t\r\b\f\x01\x7F/é"));
  CHECK(w.text() == "\"\\\"\\\\\\n\\t\\r\\b\\f\\u0001\\u007f/é\"");
}

TEST_CASE("bytes that no reader would take become U+FFFD", "[json]") {
  Writer w;
  w.value(std::string_view("a\xFF" "b\xC3|\xED\xA0\x80\0z", 10));
  CHECK(w.text() == "\"a\uFFFDb\uFFFD|\uFFFD\uFFFD\uFFFD\uFFFDz\"");
}

TEST_CASE("random bytes as text always give JSON that reads back", "[json]") {
  constexpr unsigned seed = 7;
  INFO("seed " << seed);
  std::mt19937 random(seed);
  for (int i = 0; i < 2000; ++i) {
    std::string bytes(random() % 40, ' ');
    for (char& byte : bytes) byte = static_cast<char>(random() % 256);
    Writer w;
    w.object().key(bytes).value(bytes).end();
    const json::Parsed parsed = json::parse(w.text());
    REQUIRE(parsed.problems.empty());
    CHECK(parsed.root.members[0].key == parsed.root.members[0].value.string);
  }
}
