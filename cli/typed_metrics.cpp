// See typed_metrics.hpp.
#include "cli/typed_metrics.hpp"

#include <charconv>
#include <cmath>

namespace hpo::cli {
namespace {

Error wrong_metric(const std::string& what, const std::string& word, const std::string& remedy) {
  return Error{ErrorCode::invalid_argument, what, "\"" + word + "\"", remedy};
}

// REQUIRES: it is not finite
std::string name_of(double number) {
  return std::isnan(number) ? "nan" : number > 0 ? "inf" : "-inf";
}

}  // namespace

Result<std::map<std::string, double>> metrics_of(const std::vector<std::string>& words) {
  std::map<std::string, double> metrics;
  for (const std::string& word : words) {
    const std::size_t equals = word.find('=');
    const std::string name = word.substr(0, equals);
    if (equals == std::string::npos || name.empty()) {
      return wrong_metric("it is no name=number", word, "write as in loss=0.1");
    }
    double number = 0;
    const char* const end = word.data() + word.size();
    const auto read = std::from_chars(word.data() + equals + 1, end, number);
    if (read.ec != std::errc() || read.ptr != end) {
      return wrong_metric("what follows the = is no number", word, "write as in loss=0.1");
    }
    if (!metrics.emplace(name, number).second) {
      return wrong_metric("a name is given twice", word, "leave one out");
    }
  }
  return metrics;
}

Result<Outcome> outcome_of(const std::map<std::string, double>& metrics,
                           const std::string& metric) {
  Outcome outcome;
  const auto value = metrics.find(metric);
  if (value == metrics.end()) {
    return Error{ErrorCode::invalid_argument, "the study's objective is missing", "command line",
                 "give " + metric + "=NUMBER, or --failed, --infeasible"};
  }
  for (const auto& [name, number] : metrics) {
    if (name != metric && std::isfinite(number)) outcome.metrics[name] = number;
  }
  if (std::isfinite(value->second)) {
    outcome.status = OutcomeStatus::completed;
    outcome.value = value->second;
  } else {
    outcome.failure = FailureClass::non_finite;
    outcome.message = "told as " + metric + "=" + name_of(value->second) + ", no finite number";
  }
  return outcome;
}

}  // namespace hpo::cli
