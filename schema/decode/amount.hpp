// "200G" -> bytes, "10/1min" -> submissions per second. Pure, any thread.
//
// The grammars are the patterns of $defs/memory and $defs/rate in study.schema.json.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace hpo::decode {

// Units K, M, G and T are powers of 1024, as batch systems read them; parts of a K are rounded up.
// nullopt: not in this form. What is beyond an int64 is its largest value.
std::optional<std::int64_t> parse_memory(std::string_view text);

// Counts of submissions and the time they share: "2/s", "10/1min", "600/h". Infinite or no number
// if no time is there to share; nullopt: not in this form.
std::optional<double> parse_rate(std::string_view text);

}  // namespace hpo::decode
