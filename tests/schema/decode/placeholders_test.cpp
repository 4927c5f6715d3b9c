// Placeholders: found by the runner's rules, and each of them known.
#include "schema/decode/placeholders.hpp"

#include <catch2/catch.hpp>

#include "tests/schema/decode/support.hpp"

using namespace hpo;
using decode::find_placeholders;
using test::Codes;
using test::codes;
using test::study;

namespace {

// "a" for replaced ones, "~a" for what only looks like one.
std::vector<std::string> names(std::string_view text) {
  std::vector<std::string> all;
  for (const auto& found : find_placeholders(text)) {
    all.push_back((found.is_replaced ? "" : "~") + std::string(found.name));
  }
  return all;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("placeholders are names in single braces", "[decode]") {
  const auto [text, expected] = GENERATE(table<std::string, Names>({
      {"", {}}, {"plain", {}}, {"{a}", {"a"}}, {"--x={a.b-c_9}{d}", {"a.b-c_9", "d"}},
      {"{{a}}", {}}, {"{{{a}}}", {"a"}}, {"{}", {}}, {"{", {}}, {"}", {}}, {"{a", {}},
      {"{\"a\": 1}", {}}, {"{\"a\": {b}}", {"b"}}, {"{ a }", {"~a"}}, {"{a:.3f}", {"~a"}},
      {"{a b}", {}}, {"${a}", {"a"}}, {"{a}}", {"a"}}, {"{ü}", {}}, {"{a{b}", {"b"}}}));
  CAPTURE(text);
  CHECK(names(text) == expected);
}

TEST_CASE("an unknown placeholder is refused with the nearest known one", "[decode]") {
  const DecodedStudy decoded = decode_study(study(R"("command": ["./train", "--lr={rl}"])"));
  REQUIRE(codes(decoded) == Codes{"E0206"});
  CHECK(decoded.problems[0].suggestion == "{lr}");
  CHECK(decoded.problems[0].at.length == 4);
  CHECK(codes(study(R"("command": ["{params_fiel}"])")) == Codes{"E0206"});
}

TEST_CASE("a parameter that is ill-formed is still a known name", "[decode]") {
  CHECK(codes(R"({"name": "a", "space": {"lr": {"float": [1, 0]}},
                  "objective": {"minimize": "l"}, "command": ["a", "{lr}"]})") == Codes{"E0201"});
}

TEST_CASE("braces that only look like a placeholder are worth a warning", "[decode]") {
  CHECK(codes(study(R"("command": ["{ lr } {layers}"])")) == Codes{"W0402"});
  CHECK(codes(study(R"("command": ["{ other }"])")) == test::none);
}
