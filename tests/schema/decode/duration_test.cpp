// Durations: every form, and what is none.
#include <catch2/catch.hpp>

#include "schema/decode/duration.hpp"

using hpo::decode::parse_duration;
using std::chrono::seconds;

TEST_CASE("a duration has a unit or is a clock time", "[decode]") {
  const auto [text, expected] = GENERATE(table<std::string, std::int64_t>({
      {"90s", 90}, {"15m", 900}, {"4h", 14400}, {"2d", 172800}, {"1.5h", 5400}, {"0.5d", 43200},
      {"0s", 0}, {"0.5s", 1}, {"1.000001s", 2}, {"999999999s", 999999999},
      {"04:30:00", 16200}, {"4:30:00", 16200}, {"999:59:59", 3599999}, {"2-00:00:01", 172801},
      {"00:00:00", 0}}));
  CAPTURE(text);
  REQUIRE(parse_duration(text));
  CHECK(*parse_duration(text) == seconds(expected));
}

TEST_CASE("what is no duration is refused", "[decode]") {
  const std::string text = GENERATE(as<std::string>{}, "", "s", "90", "90 s", " 90s", "90s ",
      "1h30m", "-1h", "+1h", "1e3s", ".5h", "1.h", "1,5h", "90S", "3w", "1234567890s",
      "1.1234567s", "4:30", "04:60:00", "04:00:60", "4:3:0", "1000:00:00", "2-", "-04:00:00",
      "1-1-04:00:00", "04:00:00s", "04:00:000", ":::", "2-04:00");
  CAPTURE(text);
  CHECK_FALSE(parse_duration(text));
}

TEST_CASE("what is less than a second, and not nothing, is known", "[decode]") {
  using hpo::decode::is_part_of_second;
  for (const char* text : {"0.5s", "0.001s", "00.9s", "0.01m", "0.00001d"}) {
    CHECK(is_part_of_second(text));
  }
  for (const char* text : {"0s", "0.0s", "1s", "1.0s", "0.02m", "00:00:01", "0.5", "", "0"}) {
    CHECK_FALSE(is_part_of_second(text));
  }
}

TEST_CASE("a duration is printed in its largest whole unit", "[decode]") {
  using hpo::decode::duration_text;
  CHECK(duration_text(seconds(0)) == "0s");
  CHECK(duration_text(seconds(90)) == "90s");
  CHECK(duration_text(seconds(900)) == "15m");
  CHECK(duration_text(seconds(7200)) == "2h");
  CHECK(duration_text(seconds(172800)) == "2d");
}
