// Random damage to valid text: never a crash, never a position outside, always a reason.
#include <catch2/catch.hpp>
#include <random>

#include "schema/json/node.hpp"

using namespace hpo::json;

namespace {

constexpr std::string_view valid = R"({
  // a study
  "name": "jets", "space": {"lr": {"float": [1e-5, 0.1], "log": true, "default": 1e-3},
  "align": {"choice": ["none", "rotate\u00e9", "\ud83d\ude00"]}, "n": {"int": [-4, 16]}},
  "x": [NaN, -Infinity, 1e999, null, false, {}, [], ""], /* end */ "é": "http://x"
})";
constexpr std::string_view bytes = "{}[]\",:\\/*\n \t0123456789eE+-.ntfuNaI\x80\xC3\xFF\x01";

std::string mutate(std::string text, std::mt19937& random) {
  const std::size_t edits = 1 + random() % 4;
  for (std::size_t i = 0; i < edits && !text.empty(); ++i) {
    const std::size_t at = random() % text.size();
    const char byte = random() % 50 == 0 ? '\0' : bytes[random() % bytes.size()];
    switch (random() % 4) {
      case 0: text[at] = byte; break;
      case 1: text.insert(at, 1, byte); break;
      case 2: text.erase(at, 1 + random() % 8); break;
      default: text.insert(at, text.substr(random() % text.size(), random() % 12)); break;
    }
  }
  return text;
}

void check_within(const Node& node, const Position& outer, std::size_t& count) {
  ++count;
  REQUIRE(node.at.offset >= outer.offset);
  REQUIRE(node.at.offset + node.at.length <= outer.offset + outer.length);
  REQUIRE(node.at.length > 0);
  for (const Node& item : node.items) check_within(item, node.at, count);
  for (const Member& member : node.members) check_within(member.value, node.at, count);
}

void check_problems(const Parsed& parsed, std::size_t size) {
  for (const ParseProblem& problem : parsed.problems) {
    REQUIRE(problem.code.starts_with("HPO-E000"));
    REQUIRE_FALSE(problem.message.empty());
    REQUIRE(problem.at.offset <= size);
    REQUIRE(problem.at.offset + problem.at.length <= size);
  }
}

}  // namespace

TEST_CASE("damaged text is read or refused, with positions inside the text", "[json]") {
  const bool is_relaxed = GENERATE(true, false);
  const bool keeps_going = GENERATE(true, false);
  constexpr unsigned seed = 4711;
  INFO("seed " << seed << " relaxed " << is_relaxed << " going on " << keeps_going);
  const ParseOptions options{.comments = is_relaxed, .non_finite = is_relaxed && !keeps_going,
                             .keep_going = keeps_going};
  std::mt19937 random(seed);
  std::size_t read = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::string text = mutate(std::string(valid), random);
    INFO(i << ": " << text);
    const Parsed parsed = parse(text, options);
    check_problems(parsed, text.size());
    std::size_t count = 0;
    REQUIRE((parsed.is_whole || !parsed.problems.empty()));
    if (!parsed.is_whole) continue;
    if (parsed.problems.empty()) ++read;
    check_within(parsed.root, {.offset = 0, .length = text.size()}, count);
  }
  CHECK((read > 0) == is_relaxed);  // some damage is harmless; comments never are to the strict
}

TEST_CASE("every beginning of a valid text is refused, not misread", "[json]") {
  const ParseOptions options{.comments = true, .non_finite = true};
  CHECK(parse(valid, options).problems.empty());
  for (std::size_t length = 0; length < valid.size(); ++length) {
    const Parsed parsed = parse(valid.substr(0, length), options);
    INFO(length);
    REQUIRE_FALSE(parsed.problems.empty());
    check_problems(parsed, length);
  }
}
