// Trials and reports as CSV.
#include "cli/csv.hpp"

#include "cli/json_view.hpp"

namespace hpo::cli {
namespace {

constexpr const char* before_params[] = {"number", "state", "value"};
constexpr const char* after_params[] = {"metrics", "attempts", "failure", "message", "origin",
                                        "retry_of", "created_at", "started_at", "ended_at",
                                        "wait_s", "run_s", "step", "rung",
                                        "verdict_step", "verdict_rung"};

constexpr const char* of_report[] = {"trial", "step", "attempt", "seq", "value", "metrics"};
constexpr const char* of_decision[] = {"verdict", "rung", "reason"};

std::string field(const json::Node& value) {
  const std::string text = is_null(value) ? std::string() : plain_text(value);
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

}  // namespace

CsvColumns csv_columns(const json::Node& study) {
  CsvColumns columns;
  for (const json::Member& each : member(study, "spec", "space").members) {
    columns.params.push_back(each.key);
  }
  return columns;
}

std::string csv_header(const CsvColumns& columns) {
  std::string line;
  for (const char* name : before_params) line += (line.empty() ? "" : ",") + std::string(name);
  for (const std::string& name : columns.params) line += ",param." + name;
  for (const char* name : after_params) line += "," + std::string(name);
  return line + "\n";
}

std::string csv_row(const CsvColumns& columns, const json::Node& trial) {
  std::string line;
  for (const char* name : before_params) {
    line += (line.empty() ? "" : ",") + field(member(trial, name));
  }
  for (const std::string& name : columns.params) {
    line += "," + field(member(trial, "params", name));
  }
  for (const char* name : after_params) line += "," + field(member(trial, name));
  return line + "\n";
}

std::string report_csv_header() {
  std::string line;
  for (const char* name : of_report) line += (line.empty() ? "" : ",") + std::string(name);
  for (const char* name : of_decision) line += "," + std::string(name);
  return line + "\n";
}

std::string report_csv_row(const json::Node& report) {
  std::string line;
  for (const char* name : of_report) {
    line += (line.empty() ? "" : ",") + field(member(report, name));
  }
  for (const char* name : of_decision) line += "," + field(member(report, "decision", name));
  return line + "\n";
}

}  // namespace hpo::cli
