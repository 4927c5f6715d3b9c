// See result_line.hpp.
#include "executors/runner/result_line.hpp"

#include <cstring>
#include <utility>

namespace hpo::runner {

void ResultLine::feed(std::string_view text) {
  while (!text.empty()) {
    switch (where_) {
      case Where::line_start: text = match_start(text); break;
      case Where::in_line: text = search(text); break;
      case Where::in_result: text = collect(text); break;
    }
  }
}

void ResultLine::finish() {
  if (where_ == Where::in_result) last_ = std::exchange(line_, {});
  where_ = Where::line_start;
  matched_ = 0;
}

std::string_view ResultLine::match_start(std::string_view text) {
  while (!text.empty() && text.front() == result_prefix[matched_]) {
    text.remove_prefix(1);
    if (++matched_ < result_prefix.size()) continue;
    matched_ = 0;
    where_ = Where::in_result;
    return text;
  }
  if (!text.empty()) {
    matched_ = 0;
    where_ = Where::in_line;
  }
  return text;
}

// To the next line that matters: one with the whole prefix, or the unfinished last one.
std::string_view ResultLine::search(std::string_view text) {
  static constexpr std::string_view start = "\nhpo-result ";
  if (const void* found = ::memmem(text.data(), text.size(), start.data(), start.size())) {
    where_ = Where::in_result;
    return text.substr(static_cast<std::size_t>(static_cast<const char*>(found) - text.data()) +
                       start.size());
  }
  const std::size_t newline = text.rfind('\n');
  if (newline == std::string_view::npos) return {};
  where_ = Where::line_start;
  return text.substr(newline + 1);
}

std::string_view ResultLine::collect(std::string_view text) {
  const std::size_t newline = text.find('\n');
  const std::string_view part = text.substr(0, newline);
  const std::size_t room = bytes_max_ + 1 - line_.size();
  line_ += part.substr(0, room);
  if (newline == std::string_view::npos) return {};
  last_ = std::exchange(line_, {});
  where_ = Where::line_start;
  return text.substr(newline + 1);
}

}  // namespace hpo::runner
