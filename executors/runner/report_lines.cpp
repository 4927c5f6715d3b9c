// See report_lines.hpp.
#include "executors/runner/report_lines.hpp"

#include <cmath>

#include "schema/json/node.hpp"

namespace hpo::runner {
namespace {

constexpr std::size_t metric_name_bytes_max = 256;
constexpr double step_max = 9007199254740992.0;  // 2^53: beyond, doubles skip integers

// A step is written as 3, and by some as 3.0.
std::optional<std::int64_t> step_of(const json::Node& root) {
  const json::Node* step = root.find("step");
  if (step == nullptr || !step->is_number()) return std::nullopt;
  const double number = step->number;
  const bool is_step = number >= 0 && number <= step_max &&
                       number == std::floor(number);
  return is_step ? std::optional(static_cast<std::int64_t>(number)) : std::nullopt;
}

}  // namespace

std::optional<StepTold> report_from_line(std::string_view line) {
  const json::Parsed parsed = json::parse(line, {.bytes_max = report_line_bytes_max,
                                                 .depth_max = 4, .non_finite = true});
  if (!parsed.problems.empty()) return std::nullopt;
  const auto step = step_of(parsed.root);
  if (!step) return std::nullopt;
  StepTold report{.step = *step};
  for (const json::Member& member : parsed.root.members) {
    const bool is_metric = member.key != "step" && member.value.is_number() &&
                           member.key.size() <= metric_name_bytes_max;
    if (is_metric && report.metrics.size() < report_metrics_max) {
      report.metrics[member.key] = member.value.number;
    }
  }
  return report.metrics.empty() ? std::nullopt : std::optional(std::move(report));
}

void ReportLines::take(std::string_view line, std::vector<StepTold>& reports) {
  if (line.empty()) return;
  auto report = report_from_line(line);
  if (report) reports.push_back(*std::move(report));
  else ++left_out_;
}

std::vector<StepTold> ReportLines::feed(std::string_view text) {
  std::vector<StepTold> reports;
  for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
    rest_ += text.substr(0, end);
    if (!is_in_half_line_) take(rest_, reports);
    is_in_half_line_ = false;
    rest_.clear();
    text.remove_prefix(end + 1);
  }
  rest_ += text;
  if (rest_.size() > report_line_bytes_max) {
    left_out_ += is_in_half_line_ ? 0 : 1;
    is_in_half_line_ = true;
  }
  if (is_in_half_line_) rest_.clear();
  return reports;
}

void ReportLines::skip() {
  rest_.clear();
  is_in_half_line_ = true;
}

}  // namespace hpo::runner
