// "90s" "15m" "4h" "1.5h" "2d" "04:30:00" "2-00:00:00" -> seconds. Pure, any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hpo::decode {

// Parts of a second are rounded up: "0.5s" is 1 s. nullopt: not in one of these forms.
std::optional<std::chrono::seconds> parse_duration(std::string_view text);

// "0.5s", "0.01m": more than nothing, and less than a second. False: no duration.
bool is_part_of_second(std::string_view text);

// The shortest of these forms that is exact: "90s", "15m", "2d". For messages.
std::string duration_text(std::chrono::seconds duration);

// Takes the leading digits off the text; nullopt if their number is not in [1, digits_max].
// REQUIRES: digits_max <= 18, as many as an int64 holds.
std::optional<std::int64_t> take_digits(std::string_view& text, std::size_t digits_max);

}  // namespace hpo::decode
