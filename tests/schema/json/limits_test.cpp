// Limits at their last legal value and one past it; hostile texts cost bounded time.
#include <catch2/catch.hpp>

#include "schema/json/node.hpp"
#include "tests/cpu_time.hpp"

using namespace hpo::json;

namespace {

std::string repeat(std::string_view piece, std::size_t times) {
  std::string text;
  text.reserve(piece.size() * times);
  for (std::size_t i = 0; i < times; ++i) text += piece;
  return text;
}

std::string nested(std::size_t depth) { return repeat("[", depth) + repeat("]", depth); }

Parsed parse_in_time(const std::string& text, const ParseOptions& options = {}) {
  const hpo::test::CpuTime taken;
  Parsed parsed = parse(text, options);
  CHECK(taken.seconds() < hpo::test::seconds_max);
  return parsed;
}

}  // namespace

TEST_CASE("brackets may be as deep as the limit and no deeper", "[json]") {
  CHECK(parse(nested(32)).problems.empty());
  const Parsed deeper = parse(nested(33));
  REQUIRE(deeper.problems.size() == 1);
  CHECK(deeper.problems[0].code == "HPO-E0003");
  CHECK(deeper.problems[0].at.offset == 32);
  CHECK(parse("[[1]]", {.depth_max = 2}).problems.empty());
  CHECK(parse("[{\"a\":[1]}]", {.depth_max = 2}).problems[0].pointer == "/0/a");
}

TEST_CASE("a text may have as many bytes as the limit and no more", "[json]") {
  CHECK(parse("[1234567]", {.bytes_max = 9}).problems.empty());
  const Parsed larger = parse("[12345678]", {.bytes_max = 9});
  REQUIRE(larger.problems.size() == 1);
  CHECK(larger.problems[0].code == "HPO-E0002");
  CHECK(parse(std::string(5U << 20U, ' ')).problems[0].code == "HPO-E0002");
}

TEST_CASE("a text may have as many values as the limit and no more", "[json]") {
  CHECK(parse("[1,2,3]", {.values_max = 4}).problems.empty());
  const Parsed more = parse("[1,2,3,4]", {.values_max = 4});
  REQUIRE_FALSE(more.problems.empty());
  CHECK(more.problems[0].code == "HPO-E0002");
}

TEST_CASE("a million brackets are refused at once", "[json]") {
  CHECK(parse_in_time(repeat("[", 1'000'000)).problems[0].code == "HPO-E0003");
  CHECK(parse_in_time(repeat("{\"a\":", 800'000)).problems[0].code == "HPO-E0003");
  CHECK(parse_in_time(repeat("]", 1'000'000)).problems[0].code == "HPO-E0001");
}

TEST_CASE("four megabytes of anything are read or refused in bounded time", "[json]") {
  const ParseOptions relaxed{.comments = true, .non_finite = true};
  CHECK(parse_in_time("[" + repeat("1,", 1'000'000) + "1]").problems.empty());
  CHECK_FALSE(parse_in_time(repeat("//\n", 1'000'000), relaxed).problems.empty());
  CHECK_FALSE(parse_in_time(repeat("/*", 2'000'000), relaxed).problems.empty());
  CHECK_FALSE(parse_in_time("[" + repeat(",", 4'000'000), relaxed).problems.empty());
  CHECK_FALSE(parse_in_time("\"" + repeat("\\", 4'000'000), relaxed).problems.empty());
  CHECK_FALSE(parse_in_time(repeat("9", 4'000'000), relaxed).problems.empty());
  CHECK(parse_in_time("[" + repeat("1e999,", 600'000) + "1]", relaxed).problems.empty());
}

TEST_CASE("a million equal keys are told a few times, in bounded time", "[json]") {
  const Parsed parsed = parse_in_time("{" + repeat("\"k\":1,", 600'000) + "\"k\":1}");
  CHECK(parsed.problems.size() == 20);
  CHECK(parsed.problems_more == 600'000 - 20);
  CHECK(parsed.root.members.size() == 1);
  std::string distinct = "{";
  for (int i = 0; i < 250'000; ++i) distinct += "\"k" + std::to_string(i) + "\":1,";
  CHECK(parse_in_time(distinct + "\"end\":1}").problems.empty());
}
