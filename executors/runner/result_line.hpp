// Finds the last line "hpo-result {…}" in a stream that arrives in pieces.
//
// Costs one memmem over the stream; memory is bounded by the longest result allowed. One thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace hpo::runner {

inline constexpr std::string_view result_prefix = "hpo-result ";

class ResultLine {
 public:
  explicit ResultLine(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  void feed(std::string_view text);
  void finish();  // the stream ended; a last line without newline counts

  // The JSON text after the prefix. A line longer than bytes_max is kept one byte longer than
  // allowed, so that whoever reads it sees that it is too long.
  const std::optional<std::string>& last() const { return last_; }

 private:
  std::string_view match_start(std::string_view text);
  std::string_view collect(std::string_view text);
  std::string_view search(std::string_view text);

  std::size_t bytes_max_ = 0;
  enum class Where { line_start, in_line, in_result } where_ = Where::line_start;
  std::size_t matched_ = 0;  // characters of the prefix seen since the line's start
  std::string line_{};
  std::optional<std::string> last_{};
};

}  // namespace hpo::runner
