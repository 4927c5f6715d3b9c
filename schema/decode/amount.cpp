// See amount.hpp.
#include "schema/decode/amount.hpp"

#include <limits>

#include "schema/decode/duration.hpp"

namespace hpo::decode {
namespace {

constexpr std::string_view memory_units = "KMGT";
constexpr std::int64_t kibi = 1024;
constexpr std::size_t memory_digits_max = 13;
constexpr std::size_t part_digits_max = 6;
constexpr std::size_t rate_digits_max = 6;

std::optional<std::int64_t> memory_unit(std::string_view text) {
  const std::size_t at = text.size() == 1 ? memory_units.find(text[0]) : std::string_view::npos;
  if (at == std::string_view::npos) return std::nullopt;
  return std::int64_t{1} << (10 * (at + 1));
}

std::optional<double> rate_seconds(std::string_view unit) {
  if (unit == "s" || unit == "sec") return 1.0;
  if (unit == "m" || unit == "min") return 60.0;
  if (unit == "h") return 3600.0;
  return std::nullopt;
}

// ".25" of so many bytes, whole K and rounded up.
std::optional<std::int64_t> take_part(std::string_view& text, std::int64_t unit) {
  if (!text.starts_with('.')) return 0;
  text.remove_prefix(1);
  const std::size_t before = text.size();
  const auto digits = take_digits(text, part_digits_max);
  if (!digits) return std::nullopt;
  std::int64_t scale = kibi;
  for (std::size_t i = before - text.size(); i > 0; --i) scale *= 10;
  return (*digits * unit + scale - 1) / scale * kibi;
}

}  // namespace

std::optional<std::int64_t> parse_memory(std::string_view text) {
  const auto unit = text.empty() ? std::nullopt : memory_unit(text.substr(text.size() - 1));
  const auto whole = take_digits(text, memory_digits_max);
  if (!unit || !whole) return std::nullopt;
  const auto part = take_part(text, *unit);
  if (!part || text.size() != 1) return std::nullopt;
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  return *whole < most / *unit ? *whole * *unit + *part : most;
}

std::optional<double> parse_rate(std::string_view text) {
  const auto count = take_digits(text, rate_digits_max);
  if (!count || !text.starts_with('/')) return std::nullopt;
  text.remove_prefix(1);
  const bool has_number = !text.empty() && text[0] >= '0' && text[0] <= '9';
  const auto number =
      has_number ? take_digits(text, rate_digits_max) : std::optional(std::int64_t{1});
  const auto unit = rate_seconds(text);
  if (!number || !unit) return std::nullopt;
  return static_cast<double>(*count) / (static_cast<double>(*number) * *unit);
}

}  // namespace hpo::decode
