// Times in answers: RFC 3339 in UTC, or null for "not yet". Any thread.
#pragma once

#include <cstdint>
#include <string_view>

#include "schema/codec/codec.hpp"
#include "schema/json/writer.hpp"

namespace hpo::http {

inline void write_time(json::Writer& writer, std::string_view name, std::int64_t ns) {
  writer.key(name);
  if (ns == 0) writer.null();
  else writer.value(utc_text(ns));
}

inline double seconds_of(std::int64_t ns) { return static_cast<double>(ns) / 1e9; }

}  // namespace hpo::http
