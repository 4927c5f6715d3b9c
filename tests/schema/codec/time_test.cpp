// Times as people read them.
#include <catch2/catch.hpp>

#include "schema/codec/codec.hpp"

using namespace hpo;

TEST_CASE("a time is RFC 3339 in UTC with milliseconds", "[codec]") {
  CHECK(utc_text(1'795'260'600'123'456'789) == "2026-11-21T11:30:00.123Z");
  CHECK(utc_text(951'782'400'000'000'000) == "2000-02-29T00:00:00.000Z");
  CHECK(utc_text(1) == "1970-01-01T00:00:00.000Z");
  CHECK(utc_text(-1) == "1969-12-31T23:59:59.999Z");
  CHECK(utc_text(INT64_MAX) == "2262-04-11T23:47:16.854Z");
}

TEST_CASE("no time is no text", "[codec]") { CHECK(utc_text(0).empty()); }
