// See report_lines.hpp.
#include "executors/runner/report_lines.hpp"

#include <cmath>

#include "executors/runner/text.hpp"
#include "schema/json/node.hpp"
#include "schema/json/writer.hpp"

namespace hpo::runner {
namespace {

constexpr std::size_t metric_name_bytes_max = 256;
constexpr std::size_t why_bytes_max = 400;
constexpr double step_max = 9007199254740992.0;  // 2^53: beyond, doubles skip integers

Error none(std::string what) {
  return {ErrorCode::invalid_argument, std::move(what), "metrics.jsonl", {}};
}

// A step is written as 3, and by some as 3.0.
Result<std::int64_t> step_of(const json::Node& root) {
  const json::Node* step = root.find("step");
  if (step == nullptr) return none("it has no \"step\"");
  if (!step->is_number()) return none("its \"step\" is no number");
  const double number = step->number;
  const bool is_step = number >= 0 && number <= step_max && number == std::floor(number);
  if (is_step) return static_cast<std::int64_t>(number);
  const std::string text = step->kind == json::Kind::integer ? std::to_string(step->integer)
                           : std::isfinite(number)           ? json::number_text(number)
                                                             : "not finite";
  return none("its \"step\" is " + text + ", no whole number from 0 to 2^53");
}

}  // namespace

Result<StepTold> report_from_line(std::string_view line) {
  const json::Parsed parsed = json::parse(line, {.bytes_max = report_line_bytes_max,
                                                 .depth_max = 4, .non_finite = true});
  if (!parsed.problems.empty()) return none("it is no JSON: " + parsed.problems.front().message);
  const auto step = step_of(parsed.root);
  if (!step) return step.error();
  StepTold report{.step = *step};
  for (const json::Member& member : parsed.root.members) {
    const bool is_null = member.value.kind == json::Kind::null;
    const bool is_metric = member.key != "step" && (member.value.is_number() || is_null) &&
                           member.key.size() <= metric_name_bytes_max;
    if (!is_metric) continue;
    if (report.metrics.size() == report_metrics_max) ++report.left_out;
    else report.metrics[member.key] = is_null ? std::nan("") : member.value.number;
  }
  if (report.metrics.empty()) return none("it has no number beside its \"step\"");
  return report;
}

void ReportLines::take(std::string_view line, std::vector<StepTold>& reports) {
  if (line_ >= 0) ++line_;
  if (line.empty()) return;
  auto report = report_from_line(line);
  if (report) reports.push_back(*std::move(report));
  else leave_out(report.error().what, reports);
}

void ReportLines::leave_out(const std::string& why, std::vector<StepTold>& reports) {
  if (left_out_++ > 0) return;
  const std::string line = line_ < 0 ? "a line" : "line " + std::to_string(line_);
  reports.push_back({.unread = line + " of its metrics.jsonl is no report: " +
                               excerpt(why, why_bytes_max)});
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
    if (!is_in_half_line_) {
      if (line_ >= 0) ++line_;
      leave_out("it has more than " + std::to_string(report_line_bytes_max) + " bytes", reports);
    }
    is_in_half_line_ = true;
  }
  if (is_in_half_line_) rest_.clear();
  return reports;
}

std::vector<StepTold> ReportLines::finish() {
  std::vector<StepTold> reports = feed("\n");
  std::erase_if(reports, [](const StepTold& told) { return !told.unread.empty(); });
  return reports;
}

void ReportLines::skip() {
  rest_.clear();
  line_ = -1;
  is_in_half_line_ = true;
}

void ReportLines::restart() {
  rest_.clear();
  line_ = 0;
  is_in_half_line_ = false;
}

}  // namespace hpo::runner
