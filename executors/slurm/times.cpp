// See times.hpp.
#include "executors/slurm/times.hpp"

#include <time.h>

#include <array>
#include <charconv>
#include <chrono>
#include <optional>

namespace hpo::slurm {
namespace {

// The whole text is a number without a sign.
std::optional<std::int64_t> number_of(std::string_view text) {
  std::int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  const bool is_number = read.ec == std::errc() && read.ptr == end && number >= 0;
  return is_number && text.front() != '-' ? std::optional(number) : std::nullopt;
}

// "2026-11-28T07:18:22", and nothing else.
std::int64_t iso_time_of(std::string_view text) {
  constexpr std::string_view shape = "0000-00-00T00:00:00";
  if (text.size() != shape.size()) return 0;
  std::array<int, 6> parts{};
  std::size_t part = 0;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const bool is_digit = text[i] >= '0' && text[i] <= '9';
    if (is_digit != (shape[i] == '0') || (!is_digit && text[i] != shape[i])) return 0;
    if (is_digit) parts[part] = parts[part] * 10 + (text[i] - '0');
    else ++part;
  }
  const auto [year, month, day, hour, minute, second] = parts;
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok() || hour > 23 || minute > 59 || second > 60) return 0;
  const auto days = std::chrono::sys_days(date).time_since_epoch();
  return std::chrono::seconds(days).count() + hour * 3600 + minute * 60 + second;
}

std::string formatted(const tm& time, const char* format) {
  std::array<char, 32> text{};
  return {text.data(), ::strftime(text.data(), text.size(), format, &time)};
}

}  // namespace

std::int64_t time_of(std::string_view text) {
  if (text.empty()) return 0;
  return number_of(text).value_or(iso_time_of(text));
}

std::string clock_text(std::int64_t time_s, std::int64_t now_s) {
  const time_t then_time = static_cast<time_t>(time_s);
  const time_t now_time = static_cast<time_t>(now_s);
  tm then{};
  tm now{};
  if (::localtime_r(&then_time, &then) == nullptr) return "?";
  ::localtime_r(&now_time, &now);
  const bool is_today = then.tm_year == now.tm_year && then.tm_yday == now.tm_yday;
  return formatted(then, is_today ? "%H:%M" : "%b %d %H:%M");
}

}  // namespace hpo::slurm
