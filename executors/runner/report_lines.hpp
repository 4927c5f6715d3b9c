// The lines of a training's metrics file, {"step": 3, "auc": 0.8}, as they come in. Pure.
//
// The training is not trusted: what is no such line is left out and counted.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schema/report.hpp"

namespace hpo::runner {

inline constexpr std::size_t report_line_bytes_max = 64U << 10U;
inline constexpr std::size_t report_metrics_max = 64;  // numbers in one line

// nullopt: no JSON object with a step of 0 or more and at least one number, NaN and infinities
// included.
std::optional<StepTold> report_from_line(std::string_view line);

class ReportLines {
 public:
  // Whole lines of what has come so far; the rest is kept for the next text.
  std::vector<StepTold> feed(std::string_view text);

  // What was not read follows no more: the half line is forgotten, and the next one may be half.
  void skip();

  int left_out() const { return left_out_; }

 private:
  void take(std::string_view line, std::vector<StepTold>& reports);

  std::string rest_{};
  bool is_in_half_line_ = false;  // of one that was too long, or began in what was skipped
  int left_out_ = 0;
};

}  // namespace hpo::runner
