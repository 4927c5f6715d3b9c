// Why trials failed, alike ones together: the last line of stderr, or the daemon's own message; and
// where no training printed anything, the end of what its job printed.
#include "cli/failed_logs.hpp"

#include "cli/json_view.hpp"
#include "cli/log_groups.hpp"
#include "cli/output.hpp"
#include "cli/pages.hpp"
#include "cli/text.hpp"
#include "schema/json/writer.hpp"
#include "schema/outcome.hpp"

namespace hpo::cli {
namespace {

constexpr std::size_t trials_max = 1000;  // whose logs are asked for: a millisecond each
constexpr int tail_bytes = 2048;
constexpr std::size_t job_lines_shown = 5;

std::vector<std::string> tail(ApiClient& client, const std::string& study, int trial,
                              const char* stream, std::size_t lines) {
  const auto reply = client.get(trial_target(study, trial) + "/logs?stream=" + stream +
                                "&tail=" + std::to_string(tail_bytes));
  if (!reply) return {};
  return last_lines(text_of(member(reply->json, "text")), lines);
}

// Of a retry that was refused, what its first attempt had failed of as well.
std::string told(const std::string& message) {
  const std::size_t at = message.find("\nattempt ");
  if (at == std::string::npos) return first_line(message);
  return first_line(message) + "; " + first_line(message.substr(at + 1));
}

// "the training was ended by SIGKILL": of a death whose last line is of something else.
std::string told_signal(const std::string& message) {
  const std::string line = first_line(message);
  return line.substr(0, line.find_first_of(".,"));
}

FailedTrial failed_trial(ApiClient& client, const std::string& study, const json::Node& trial) {
  FailedTrial failed{.number = static_cast<int>(integer_of(member(trial, "number"))),
                     .failure = text_of(member(trial, "failure")),
                     .last_line = told(text_of(member(trial, "message")))};
  const auto lines = tail(client, study, failed.number, "stderr", 1);
  failed.has_stderr = !lines.empty();
  if (!failed.has_stderr) return failed;
  const bool is_signal = failed.failure == word(FailureClass::signal);
  failed.last_line = (is_signal ? told_signal(failed.last_line) + "; last line: " : "") + lines[0];
  return failed;
}

std::string json_of(const std::vector<FailureGroup>& groups) {
  json::Writer writer;
  writer.object().key("failures").array();
  for (const FailureGroup& group : groups) {
    writer.object().member("count", group.count).member("failure", group.failure);
    writer.member("line", group.line).member("trial", group.example).end();
  }
  writer.end().end();
  return std::move(writer).text();
}

void show(ApiClient& client, const std::vector<FailureGroup>& groups, const std::string& study,
          const Terminal& terminal) {
  for (const FailureGroup& group : groups) {
    const std::string count = std::to_string(group.count) + (terminal.has_unicode ? " × " : " x ");
    const std::string line = group.line.empty() ? group.failure : group.line;
    print_line(styled(count, Style::red, terminal.has_color) + printable(line) + " (e.g. trial " +
               std::to_string(group.example) + ")");
    if (group.has_stderr) continue;
    for (const auto& each : tail(client, study, group.example, "job", job_lines_shown)) {
      print_line("    job.log: " + printable(each));
    }
  }
  const std::string example = shell_quoted(study) + "/" + std::to_string(groups[0].example);
  note(groups[0].has_stderr ? "next: hpo logs " + example + " --stderr"
                            : "next: hpo trial " + example);
}

}  // namespace

ExitCode failed_logs(const std::string& study, bool as_json, const Context& context) {
  auto client = connect(context);
  if (!client) return tell(client.failure(), context.terminal);
  const auto trials = all_items(*client, study_target(study) + "/trials?state=failed&limit=" +
                                             std::to_string(page_size_max), "trials", trials_max);
  if (!trials) return tell(trials.failure(), context.terminal);
  std::vector<FailedTrial> failed;
  for (const json::Node& trial : *trials) failed.push_back(failed_trial(*client, study, trial));
  const auto groups = group_failures(failed);
  if (as_json) print_line(json_of(groups));
  else if (groups.empty()) note("no trial of " + study + " failed; next: hpo status " + study);
  else show(*client, groups, study, context.terminal);
  return ExitCode::ok;
}

}  // namespace hpo::cli
