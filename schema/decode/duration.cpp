// See duration.hpp. The grammar is the pattern of $defs/duration in study.schema.json.
#include "schema/decode/duration.hpp"

namespace hpo::decode {
namespace {

constexpr std::size_t whole_digits_max = 9;
constexpr std::size_t part_digits_max = 6;

std::optional<std::int64_t> unit_seconds(std::string_view unit) {
  if (unit == "s") return 1;
  if (unit == "m") return 60;
  if (unit == "h") return 3600;
  if (unit == "d") return 86400;
  return std::nullopt;
}

// "1.5h"
std::optional<std::chrono::seconds> with_unit(std::string_view text) {
  const auto whole = take_digits(text, whole_digits_max);
  if (!whole) return std::nullopt;
  std::int64_t part = 0;
  std::int64_t scale = 1;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    const std::size_t before = text.size();
    const auto digits = take_digits(text, part_digits_max);
    if (!digits) return std::nullopt;
    part = *digits;
    for (std::size_t i = before - text.size(); i > 0; --i) scale *= 10;
  }
  const auto unit = unit_seconds(text);
  if (!unit) return std::nullopt;
  return std::chrono::seconds(*whole * *unit + (part * *unit + scale - 1) / scale);
}

std::optional<std::int64_t> below_60(std::string_view& text) {
  if (!text.starts_with(':') || text.size() < 3) return std::nullopt;
  text.remove_prefix(1);
  const std::size_t before = text.size();
  const auto number = take_digits(text, 2);
  if (!number || before - text.size() != 2 || *number >= 60) return std::nullopt;
  return number;
}

// "2-04:30:00", "04:30:00"
std::optional<std::chrono::seconds> as_clock(std::string_view text) {
  std::int64_t days = 0;
  if (const std::size_t dash = text.find('-'); dash != std::string_view::npos) {
    const auto number = take_digits(text, whole_digits_max);
    if (!number || !text.starts_with('-')) return std::nullopt;
    days = *number;
    text.remove_prefix(1);
  }
  const auto hours = take_digits(text, 3);
  if (!hours) return std::nullopt;
  const auto minutes = below_60(text);
  const auto seconds = minutes ? below_60(text) : std::nullopt;
  if (!seconds || !text.empty()) return std::nullopt;
  return std::chrono::seconds(days * 86400 + *hours * 3600 + *minutes * 60 + *seconds);
}

}  // namespace

std::optional<std::int64_t> take_digits(std::string_view& text, std::size_t digits_max) {
  std::int64_t number = 0;
  std::size_t digits = 0;
  while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') {
    if (digits == digits_max) return std::nullopt;
    number = 10 * number + (text[digits++] - '0');
  }
  text.remove_prefix(digits);
  return digits > 0 ? std::optional(number) : std::nullopt;
}

std::optional<std::chrono::seconds> parse_duration(std::string_view text) {
  return text.find(':') == std::string_view::npos ? with_unit(text) : as_clock(text);
}

// A fraction of a minute, an hour or a day with so few digits is never a second exactly.
bool is_part_of_second(std::string_view text) {
  const std::size_t first = text.find_first_not_of('0');
  const bool is_below_one = first != std::string_view::npos && text[first] == '.';
  return is_below_one && parse_duration(text) == std::chrono::seconds(1);
}

std::string duration_text(std::chrono::seconds duration) {
  const std::int64_t seconds = duration.count();
  if (seconds != 0 && seconds % 86400 == 0) return std::to_string(seconds / 86400) + "d";
  if (seconds != 0 && seconds % 3600 == 0) return std::to_string(seconds / 3600) + "h";
  if (seconds != 0 && seconds % 60 == 0) return std::to_string(seconds / 60) + "m";
  return std::to_string(seconds) + "s";
}

}  // namespace hpo::decode
