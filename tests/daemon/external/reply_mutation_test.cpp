// Random damage to replies: proposals that lie in the space, or an error with a remedy, fit for a
// terminal; never a crash.
#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "daemon/external/protocol.hpp"
#include "tests/damage.hpp"
#include "tests/strategies/spaces.hpp"

namespace hpo::external {
namespace {

constexpr std::string_view legal[] = {
    R"({"proposals": [{"params": {"optimizer": "sgd", "momentum": 0.75, "nesterov": true,)"
    R"( "layers": 3, "units": 64}}, {"params": {"optimizer": "adam", "beta": 0.9, "layers": 1}}]})",
    R"({"proposals": [], "wait": true})", R"({"exhausted": true, "proposals": [{"params": {}}]})",
    R"({"error": "no option called \"step\""})", R"({"ok": true, "name": "mine"})"};
constexpr std::string_view pieces[] = {"{", "}", "[", "]", "\"", ":", ",", "null", "true", "-",
    "NaN", "Infinity", "1e999", "0.5", "9223372036854775808", "\\u0000", "\\ud800", "params",
    "proposals", "\"params\": ", "{\"params\": {}}", "layers", "\x1b[31m", "\xFF", "\xC3\xA9", " ",
    "\t", "wait", "exhausted", "error", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["};

void check_error(const Error& error) {
  REQUIRE((error.code == ErrorCode::corrupt || error.code == ErrorCode::conflict));
  REQUIRE_FALSE((error.what.empty() || error.remedy.empty()));
  REQUIRE(error.what.size() < 2000);
  REQUIRE(std::ranges::none_of(error.what, [](char c) {
    return c >= 0 && c < ' ' && c != '\n' && c != '\t';
  }));
}

// True if it was read as proposals.
bool check_damaged(const SearchSpace& space, const std::string& line, std::mt19937& random) {
  const Asked asked{.first_number = 5, .count = static_cast<int>(random() % 4),
                    .is_waiting_allowed = random() % 2 == 0};
  if (const auto done = read_done(line); !done) check_error(done.error());
  const auto answer = read_proposals(space, line, asked);
  if (!answer) {
    check_error(answer.error());
    return false;
  }
  REQUIRE(answer->proposals.size() <= static_cast<std::size_t>(asked.count));
  for (std::size_t i = 0; i < answer->proposals.size(); ++i) {
    REQUIRE(answer->proposals[i].number == 5 + static_cast<int>(i));
    REQUIRE(space.contains(answer->proposals[i].values));
  }
  return true;
}

}  // namespace

TEST_CASE("damaged replies are read or refused", "[external]") {
  constexpr unsigned seed = 31;
  INFO("seed " << seed);
  std::mt19937 random(seed);
  const SearchSpace space = conditional_space();
  int read = 0;
  for (int i = 0; i < 30'000; ++i) {
    const std::string line =
        test::damage(std::string(legal[random() % std::size(legal)]), pieces, random);
    INFO(i << ": " << line);
    read += check_damaged(space, line, random) ? 1 : 0;
  }
  CHECK(read > 100);
  CHECK(read < 15'000);
}

TEST_CASE("replies of random pieces are read or refused", "[external]") {
  constexpr unsigned seed = 32;
  INFO("seed " << seed);
  std::mt19937 random(seed);
  const SearchSpace space = conditional_space();
  for (int i = 0; i < 30'000; ++i) {
    std::string line = random() % 2 == 0 ? "{\"proposals\": [" : "";
    for (std::size_t count = random() % 40; count > 0; --count) {
      line += pieces[random() % std::size(pieces)];
    }
    INFO(i << ": " << line);
    check_damaged(space, line, random);
  }
}

}  // namespace hpo::external
