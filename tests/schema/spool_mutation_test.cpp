// Random damage to the spool's files and names: they are read as what they say, to the byte, or
// not at all.
#include <catch2/catch.hpp>
#include <random>
#include <vector>

#include "schema/spool.hpp"
#include "tests/damage.hpp"

using namespace hpo;

namespace {

constexpr std::string_view legal[] = {
    "hpo-spool 1 exchange jets\n{\"slots\":1,\"holds\":[]}", "hpo-spool 1 work jets\nwhy",
    "hpo-spool 1 study a.b_c-9\n", "hpo-spool 1 200\n{\"state\":\"running\"}",
    "hpo-spool 1 503\n", "node7.site-4711-9f3c.12", "w.1", "a.9223372036854775807"};
constexpr std::string_view pieces[] = {"hpo-spool 1 ", "hpo-spool ", "exchange ", "work ", "\n",
    " ", ".", "..", "/", "../", "\t", "0", "1", "-1", "+1", "999", "1000", "9223372036854775808",
    "{}", ".tmp", "\x1b[31m", "\xFF", "\xC3\xA9", std::string_view("\0", 1)};

// In an allocation of its exact size: a sanitiser sees each byte that is read past it.
bool check_read(const std::string& damaged) {
  const std::vector<char> bytes(damaged.begin(), damaged.end());
  const std::string_view text(bytes.data(), bytes.size());
  const auto name = spool_name(text);
  const auto request = spool_request(text);
  const auto answer = spool_answer(text);
  if (name) {
    REQUIRE(to_text(*name) == text);
    REQUIRE(is_spool_word(name->worker));
    REQUIRE(name->number >= 1);
  }
  if (request) {
    REQUIRE(to_text(*request) == text);
    REQUIRE(is_spool_word(request->study));
  }
  if (answer) {
    REQUIRE(to_text(*answer) == text);
    REQUIRE((answer->status >= 100 && answer->status <= 999));
  }
  REQUIRE_FALSE((request && answer));
  return name || request || answer;
}

}  // namespace

TEST_CASE("damaged files and names of the spool are read to the byte or not at all", "[spool]") {
  constexpr unsigned seed = 51;
  INFO("seed " << seed);
  std::mt19937 random(seed);
  int read = 0;
  for (int i = 0; i < 50'000; ++i) {
    const auto text = test::damage(std::string(legal[random() % std::size(legal)]), pieces, random);
    INFO(i << ": " << text);
    read += check_read(text) ? 1 : 0;
  }
  CHECK(read > 5'000);
  CHECK(read < 45'000);
}
