// Memory and rates: each form, and what is none.
#include "schema/decode/amount.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

using namespace hpo::decode;

TEST_CASE("memory is a number and a unit, powers of 1024", "[decode]") {
  const auto [text, bytes] = GENERATE(table<std::string, std::int64_t>({
      {"1K", 1024}, {"512M", std::int64_t{512} << 20}, {"200G", std::int64_t{200} << 30},
      {"2T", std::int64_t{2} << 40}, {"1.5G", std::int64_t{1536} << 20}, {"0.5K", 1024},
      {"0.000001M", 1024}, {"1.000001K", 2048}, {"007M", 7 << 20}, {"0K", 0},
      {"1.999999T", ((std::int64_t{1999999} << 40) / 1000000 / 1024 + 1) * 1024},
      {"9999999999999T", std::numeric_limits<std::int64_t>::max()},
      {"9999999999999K", 9999999999999 * 1024}}));
  CAPTURE(text);
  CHECK(parse_memory(text) == bytes);
}

TEST_CASE("what is no memory is not guessed at", "[decode]") {
  const std::string text = GENERATE(as<std::string>(), "", "G", "200", "200g", "200GB", "200 G",
      "-1G", "+1G", "1,5G", ".5G", "1.G", "1.1234567G", "12345678901234K", "1e3G", "200G ", "P",
      "1P", "1..5G");
  CAPTURE(text);
  CHECK(parse_memory(text) == std::nullopt);
}

TEST_CASE("a rate is a count and the time that it shares", "[decode]") {
  const auto [text, rate] = GENERATE(table<std::string, double>({
      {"2/s", 2.0}, {"1/2s", 0.5}, {"10/1min", 10.0 / 60.0}, {"10/min", 10.0 / 60.0},
      {"30/5m", 0.1}, {"600/h", 1.0 / 6.0}, {"50/10sec", 5.0}, {"0/s", 0.0},
      {"999999/s", 999999.0}}));
  CAPTURE(text);
  CHECK(parse_rate(text) == Approx(rate));
}

TEST_CASE("a rate without time is beyond every range", "[decode]") {
  CHECK(std::isinf(*parse_rate("1/0s")));
  CHECK(std::isnan(*parse_rate("0/0s")));
}

TEST_CASE("what is no rate is not guessed at", "[decode]") {
  const std::string text = GENERATE(as<std::string>(), "", "1", "/s", "1/", "1/2", "1 /s", "-1/s",
      "1/day", "1.5/s", "1/1.5s", "1000000/s", "1/1000000s", "1/s ", "1//s", "1/min5");
  CAPTURE(text);
  CHECK(parse_rate(text) == std::nullopt);
}
