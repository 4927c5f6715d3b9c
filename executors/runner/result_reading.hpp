// What a result says: {"auc": 0.87, "n": 3}, or {"values": {…}, "status": …, "message": …}.
//
// Pure: text in, reading out; the text is whatever a training wrote. Any thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schema/outcome.hpp"

namespace hpo::runner {

inline constexpr std::size_t metrics_max = 1000;  // numbers in one result

struct ResultReading {
  OutcomeStatus status = OutcomeStatus::completed;
  std::optional<double> value{};             // the objective, if it is finite
  std::map<std::string, double> metrics{};   // all other finite numbers
  std::string message{};                     // of the training itself
  std::optional<FailureClass> failure{};     // bad_result or non_finite: `problem` says why
  std::string problem{};
};

// The source of a result that was printed: what mends it is another thing than of a file.
inline constexpr std::string_view printed_result = "the last hpo-result line of stdout";

// `source` is a path, or printed_result.
ResultReading read_result_text(std::string_view text, const std::string& metric,
                               const std::string& source, std::size_t bytes_max);

}  // namespace hpo::runner
