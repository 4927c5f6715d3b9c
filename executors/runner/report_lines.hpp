// The lines of a training's metrics file, {"step": 3, "auc": 0.8}, as they come in. Pure.
//
// The training is not trusted: what is no such line is left out and counted.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "schema/report.hpp"
#include "schema/result.hpp"

namespace hpo::runner {

inline constexpr std::size_t report_line_bytes_max = 64U << 10U;
inline constexpr std::size_t report_metrics_max = 64;  // of one line; more are counted

// Numbers may be NaN and infinities; null stands for such a one, as many languages write it.
// Error: invalid_argument, why it is no report: no JSON object with a step of 0 or more and at
// least one number.
Result<StepTold> report_from_line(std::string_view line);

class ReportLines {
 public:
  // Whole lines of what has come so far; the rest is kept for the next text. The first one that is
  // no report is told, too, as `unread`.
  std::vector<StepTold> feed(std::string_view text);

  // No more comes: the last line may lack its end. One that is cut, as by a kill, is not told.
  std::vector<StepTold> finish();

  // What was not read follows no more: the half line is forgotten, and the next one may be half.
  void skip();

  // The next text is the beginning of a file again. The first line that is no report was told.
  void restart();

  int left_out() const { return left_out_; }

 private:
  void take(std::string_view line, std::vector<StepTold>& reports);
  void leave_out(const std::string& why, std::vector<StepTold>& reports);

  std::string rest_{};
  int line_ = 0;  // of the file, that is taken; -1: not known, after a skip
  bool is_in_half_line_ = false;  // of one that was too long, or began in what was skipped
  int left_out_ = 0;
};

}  // namespace hpo::runner
