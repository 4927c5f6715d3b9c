// See typed_duration.hpp.
#include "cli/typed_duration.hpp"

#include <optional>
#include <string_view>

#include "schema/decode/duration.hpp"

namespace hpo::cli {
namespace {

std::optional<std::chrono::seconds> sum_of(std::string_view text) {
  std::chrono::seconds sum{0};
  while (!text.empty()) {
    const std::size_t unit = text.find_first_not_of("0123456789.:-");
    const std::size_t end = unit == std::string_view::npos ? text.size() : unit + 1;
    const auto part = decode::parse_duration(text.substr(0, end));
    if (!part) return std::nullopt;
    sum += *part;
    text.remove_prefix(end);
  }
  return sum;
}

}  // namespace

Result<std::chrono::seconds> typed_duration(const std::string& option, const std::string& word,
                                            std::chrono::seconds most) {
  const auto sum = sum_of(word);
  if (sum && sum->count() > 0 && *sum <= most) return *sum;
  return Error{ErrorCode::invalid_argument,
               "\"" + word + (sum ? "\" is too short or too long" : "\" is no duration"), option,
               "write a time from 1s to " + decode::duration_text(most) +
                   ", as 90s, 15m, 3h50m or 04:00:00"};
}

}  // namespace hpo::cli
