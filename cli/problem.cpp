// The daemon's application/problem+json as a Failure.
#include "cli/problem.hpp"

#include "cli/json_view.hpp"
#include "cli/text.hpp"

namespace hpo::cli {
namespace {

// "  4:18 HPO-E0104 /space/lr unknown parameter type "flaot": float"
std::string line_of(const json::Node& problem) {
  std::string line = "  ";
  if (const auto row = integer_of(member(problem, "line")); row > 0) {
    line += std::to_string(row) + ":" + std::to_string(integer_of(member(problem, "column"))) + " ";
  }
  for (const char* key : {"code", "pointer", "message"}) {
    const std::string text = text_of(member(problem, key));
    if (!text.empty()) line += text + " ";
  }
  const std::string suggestion = text_of(member(problem, "suggestion"));
  if (!suggestion.empty()) line += "→ " + suggestion;
  return line + "\n";
}

// Behind a remedy that speaks to programs too.
std::string next_command(int http_status, const json::Node& problem) {
  const auto& errors = member(problem, "errors").items;
  const std::string code = errors.empty() ? "" : text_of(member(errors.front(), "code"));
  if (!code.empty()) return "hpo explain " + code;
  switch (exit_code_of_status(http_status)) {
    case ExitCode::not_found: case ExitCode::conflict: case ExitCode::usage: return "hpo status";
    case ExitCode::temporary: return "hpo daemon status";
    default: return "hpo daemon logs";
  }
}

ErrorCode error_code_of(int http_status) {
  switch (exit_code_of_status(http_status)) {
    case ExitCode::usage: return ErrorCode::invalid_argument;
    case ExitCode::not_found: return ErrorCode::not_found;
    case ExitCode::conflict: return ErrorCode::conflict;
    case ExitCode::temporary: return ErrorCode::unavailable;
    default: return ErrorCode::internal;
  }
}

}  // namespace

Failure failure_of_problem(int http_status, const json::Node& problem) {
  Failure failure{.exit_code = exit_code_of_status(http_status), .error = {}, .details = {}};
  failure.error.code = error_code_of(http_status);
  failure.error.what = text_of(member(problem, "detail"));
  for (const char* key : {"reason", "title"}) {  // a reason is how /readyz says it
    if (failure.error.what.empty()) failure.error.what = text_of(member(problem, key));
  }
  if (failure.error.what.empty()) {
    failure.error.what = "the daemon answered with status " + std::to_string(http_status);
  }
  failure.error.where = text_of(member(problem, "where"));
  failure.error.remedy = with_command(text_of(member(problem, "remedy")),
                                      next_command(http_status, problem));
  for (const json::Node& each : member(problem, "errors").items) failure.details += line_of(each);
  return failure;
}

Failure failure_of_problem(int http_status, const json::Node& problem,
                           const std::optional<ConnectFile>& file) {
  Failure failure = failure_of_problem(http_status, problem);
  if (http_status != 401 || !file) return failure;
  failure.error.where = file->path;
  failure.error.remedy = "on the daemon's host: hpo token " + shell_quoted(file->study) +
                         "; then copy what it writes to " + shell_quoted(file->path) + " here";
  return failure;
}

}  // namespace hpo::cli
