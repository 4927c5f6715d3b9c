// Durations behind options: as in study.json, and sums.
#include "cli/typed_duration.hpp"

#include <catch2/catch.hpp>

using hpo::cli::typed_duration;

TEST_CASE("a duration is one of the study's forms, or a sum of them", "[cli]") {
  const auto [word, seconds] = GENERATE(table<std::string, int>(
      {{"90s", 90}, {"3h50m", 13800}, {"1d2h3m4s", 93784}, {"04:00:00", 14400}, {"1.5h", 5400},
       {"2-00:00:00", 172800}}));
  INFO(word);
  const auto duration = typed_duration("--wait", word);
  REQUIRE(duration);
  CHECK(duration->count() == seconds);
}

TEST_CASE("a duration out of its range is refused with the range", "[cli]") {
  using namespace std::chrono_literals;
  CHECK(typed_duration("--valid", "2h", 2h));
  CHECK(typed_duration("--valid", "1s", 2h));
  const std::string word = GENERATE("0s", "2h1s");
  const auto duration = typed_duration("--valid", word, 2h);
  REQUIRE_FALSE(duration);
  CHECK(duration.error().what == "\"" + word + "\" is too short or too long");
  CHECK(duration.error().remedy.starts_with("write a time from 1s to 2h, as 90s"));
}

TEST_CASE("anything else is refused with the forms", "[cli]") {
  const std::string word = GENERATE("", "0s", "3", "h", "3h50", "-3h", "3 h", "3h 5m", "abc");
  INFO(word);
  const auto duration = typed_duration("--wait", word);
  REQUIRE_FALSE(duration);
  CHECK(duration.error().where == "--wait");
}
