// Why trials failed, alike ones together: the last line of stderr, or the daemon's own message.
#include "cli/failed_logs.hpp"

#include "cli/json_view.hpp"
#include "cli/log_groups.hpp"
#include "cli/output.hpp"
#include "cli/pages.hpp"
#include "cli/text.hpp"
#include "schema/json/writer.hpp"

namespace hpo::cli {
namespace {

constexpr std::size_t trials_max = 1000;  // whose logs are asked for: a millisecond each
constexpr int tail_bytes = 2048;

FailedTrial failed_trial(ApiClient& client, const std::string& study, const json::Node& trial) {
  FailedTrial failed{.number = static_cast<int>(integer_of(member(trial, "number"))),
                     .failure = text_of(member(trial, "failure")),
                     .last_line = first_line(text_of(member(trial, "message")))};
  const auto reply = client.get(trial_target(study, failed.number) +
                                "/logs?stream=stderr&tail=" + std::to_string(tail_bytes));
  if (!reply) return failed;
  const auto lines = last_lines(text_of(member(reply->json, "text")), 1);
  if (!lines.empty()) failed.last_line = lines[0];
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

void show(const std::vector<FailureGroup>& groups, const std::string& study,
          const Terminal& terminal) {
  for (const FailureGroup& group : groups) {
    const std::string count = std::to_string(group.count) + (terminal.has_unicode ? " × " : " x ");
    const std::string line = group.line.empty() ? group.failure : group.line;
    print_line(styled(count, Style::red, terminal.has_color) + printable(line) + " (e.g. trial " +
               std::to_string(group.example) + ")");
  }
  note("next: hpo logs " + shell_quoted(study) + "/" + std::to_string(groups[0].example) +
       " --stderr");
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
  else show(groups, study, context.terminal);
  return ExitCode::ok;
}

}  // namespace hpo::cli
