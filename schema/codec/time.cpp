// Times as people read them: RFC 3339, UTC, milliseconds. Display only; nothing is decided by it.
#include <chrono>
#include <cstdio>

#include "schema/codec/codec.hpp"

namespace hpo {

std::string utc_text(std::int64_t ns) {
  using namespace std::chrono;
  if (ns == 0) return {};
  const auto since_1970 = floor<milliseconds>(nanoseconds(ns));
  const auto day = floor<days>(since_1970);
  const year_month_day date{sys_days(day)};
  const hh_mm_ss time{since_1970 - day};
  char text[64];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", int{date.year()},
                unsigned{date.month()}, unsigned{date.day()},
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()),
                static_cast<int>(time.subseconds().count()));
  return text;
}

}  // namespace hpo
