// Times as Slurm prints them.
#include <cstdlib>

#include <time.h>

#include <catch2/catch.hpp>

#include "executors/slurm/times.hpp"

using namespace hpo::slurm;

TEST_CASE("slurm times: seconds since 1970 and ISO 8601 in UTC are the same time", "[slurm]") {
  CHECK(time_of("1795850302") == 1795850302);
  CHECK(time_of("2026-11-28T07:18:22") == 1795850302);
  CHECK(time_of("2024-02-29T00:00:00") == 1709164800);
}

TEST_CASE("slurm times: what is no time is unknown", "[slurm]") {
  const std::string text = GENERATE(as<std::string>(), "", "N/A", "Unknown", "None", "-1", "-0",
      "+1", "12 ", " 12", "1e9", "99999999999999999999", "2026-11-28", "2026-11-28 07:18:22",
      "2026-13-28T07:18:22", "2026-02-30T07:18:22", "2026-11-28T24:18:22", "11/28-07:18:22",
      "2026-11-28T07:18:2x");
  INFO(text);
  CHECK(time_of(text) == 0);
}

TEST_CASE("slurm times: a clock time has its day only if it is another one", "[slurm]") {
  ::setenv("TZ", "CET-1", 1);
  ::tzset();
  const std::int64_t now = 1795850302;  // 08:18 at this place
  CHECK(clock_text(now + 6 * 3600, now) == "14:18");
  CHECK(clock_text(now + 24 * 3600, now) == "Nov 29 08:18");
  ::unsetenv("TZ");
  ::tzset();
}
