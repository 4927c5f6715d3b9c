// hpo trial STUDY/N: all about one trial.
#include <unistd.h>

#include <algorithm>
#include <map>
#include <ranges>

#include "cli/api_client.hpp"
#include "cli/arguments.hpp"
#include "cli/attempt_text.hpp"
#include "cli/by_hand.hpp"
#include "cli/json_view.hpp"
#include "cli/learning_curve.hpp"
#include "cli/output.hpp"
#include "cli/pages.hpp"
#include "cli/status_text.hpp"
#include "cli/text.hpp"
#include "cli/trial_name.hpp"
#include "cli/verbs/verbs.hpp"
#include "executors/runner/environment.hpp"
#include "schema/paths.hpp"
#include "schema/trial.hpp"

namespace hpo::cli {
namespace {

constexpr double queue_s = 1;  // less is no queue
constexpr std::size_t label_width = 12;
constexpr int report_pages_max = 20;  // all that the daemon keeps of a trial

class Lines {
 public:
  explicit Lines(const Terminal& terminal) : terminal_(terminal) {}

  void add(std::string_view label, const std::string& words, std::size_t width = label_width) {
    if (words.empty()) return;
    const std::string pad(label.size() < width ? width - label.size() : 1, ' ');
    text_ += "  " + styled(label, Style::dim, terminal_.has_color) + pad +
             indented(printable(words), width + 2) + "\n";
  }
  void add(std::string_view label, const json::Node& value) {
    if (!is_null(value)) add(label, plain_text(value));
  }
  void heading(const std::string& words) {
    text_ += styled(printable(words), Style::bold, terminal_.has_color) + "\n";
  }
  void whole(const std::string& line) { text_ += line + "\n"; }
  const std::string& text() const { return text_; }

 private:
  const Terminal& terminal_;
  std::string text_{};
};

std::string shown_directory(const json::Node& trial) {
  return text_of(member(shown_attempt(trial), "directory"));
}

// Of the latest attempt that left one: a retry that was refused left none.
std::string latest_job_log(const json::Node& trial) {
  for (const json::Node& attempt : member(trial, "history").items | std::views::reverse) {
    const std::string path =
        text_of(member(attempt, "directory")) + "/" + std::string(job_log_name);
    if (::access(path.c_str(), F_OK) == 0) return path;
  }
  return {};
}

// Submissions in doubt, put off, or found where none should be; what is wrong with reports.
void add_doubts(Lines& lines, const json::Node& trial, const json::Node& attempt) {
  static const std::map<std::string, std::string_view> labels{
      {"attempt_unknown", "  in doubt"}, {"attempt_absent", "  put off"},
      {"attempt_incident", "  incident"}};
  for (const json::Node& event : member(trial, "doubts").items) {
    const auto label = labels.find(text_of(member(event, "kind")));
    const bool is_of_it = integer_of(member(event, "data", "attempt")) ==
                          integer_of(member(attempt, "number"));
    if (label == labels.end() || !is_of_it) continue;
    const bool is_remark = !is_null(member(event, "data", "remark"));
    const std::string job = is_remark ? std::string() : text_of(member(event, "data", "job"));
    lines.add(is_remark ? "  remark" : label->second,
              text_of(member(event, "at")) + (job.empty() ? "" : " " + job) + ": " +
                  text_of(member(event, "data", "message")));
  }
}

// "answered by sobol: gp did not answer within 50 ms"
std::string strategy_text(const json::Node& suggestion) {
  if (is_null(suggestion)) return {};
  const std::string strategy = text_of(member(suggestion, "strategy"));
  const std::string late = text_of(member(suggestion, "instead_of"));
  if (late.empty()) return strategy;
  return "answered by " + strategy + ": " + late + " did not answer within " +
         std::to_string(integer_of(member(suggestion, "deadline_ms"))) + " ms";
}

void add_summary(Lines& lines, const TrialName& name, const json::Node& trial) {
  lines.heading(name.study + "/" + std::to_string(*name.trial) + "  " +
                trial_state(trial));
  lines.add("value", member(trial, "value"));
  lines.add("failure", failure_text(trial, shown_attempt(trial)));
  for (const char* key : {"message", "waits_for", "origin", "retry_of"}) {
    lines.add(key, member(trial, key));
  }
  lines.add("created", member(trial, "created_at"));
  lines.add("started", member(trial, "started_at"));
  lines.add("ended", member(trial, "ended_at"));
  const auto wait_s = number_of(member(trial, "wait_s"));
  if (wait_s && *wait_s >= queue_s) lines.add("waited", duration_text(*wait_s));
  if (text_of(member(trial, "state")) == word(TrialState::paused)) {
    lines.add("waits for", "a pruner that takes it up; it goes on from its last checkpoint");
  }
  const auto run_s = number_of(member(trial, "run_s"));
  if (run_s) lines.add("ran", duration_text(*run_s));
  lines.add("strategy", strategy_text(member(trial, "suggestion")));
}

// What the training told, and what the pruner said of it.
void add_steps(Lines& lines, const std::vector<json::Node>& reports, const Terminal& terminal) {
  if (reports.empty()) return;
  lines.heading("steps");
  lines.add("told", steps_text(reports));
  lines.add("whose", tellers_text(reports));
  for (const std::string& line : learning_curve(reports, terminal)) lines.whole(line);
  std::string_view label = "pruner";
  for (const std::string& line : decision_lines(reports)) {
    lines.add(label, line);
    label = "";
  }
}

void add_members(Lines& lines, const std::string& heading, const json::Node& object) {
  if (object.members.empty()) return;
  lines.heading(heading);
  for (const json::Member& each : object.members) lines.add(each.key, each.value);
}

void add_attempts(Lines& lines, const json::Node& trial, const std::vector<json::Node>& reports) {
  lines.heading("attempts");
  for (const json::Node& attempt : member(trial, "history").items) {
    lines.add(plain_text(member(attempt, "number")), attempt_text(trial, attempt, reports));
    add_doubts(lines, trial, attempt);
  }
  lines.add("files", files_text(shown_attempt(trial)));
  lines.add("job log", latest_job_log(trial));
  lines.add("by hand", by_hand(shown_directory(trial)));
}

void add_environment(Lines& lines, const std::string& directory) {
  const auto attempt = runner::load_attempt(directory);
  if (!attempt) return;
  lines.heading("environment");
  std::map<std::string, std::string> sorted;
  for (const std::string& entry : runner::environment_of(*attempt).entries) {
    const std::size_t equals = entry.find('=');
    sorted[entry.substr(0, equals)] = entry.substr(equals + 1);
  }
  for (const std::string& name : attempt->spec.secrets) {
    sorted[name] = "(a secret: read when the training starts; the command by hand lacks it)";
  }
  std::size_t width = label_width;
  for (const auto& [name, value] : sorted) width = std::max(width, name.size() + 1);
  for (const auto& [name, value] : sorted) lines.add(name, value, width);
}

std::string text_of_trial(const TrialName& name, const json::Node& trial,
                          const std::vector<json::Node>& reports, const Terminal& terminal) {
  Lines lines(terminal);
  add_summary(lines, name, trial);
  add_members(lines, "params", member(trial, "params"));
  add_members(lines, "metrics", member(trial, "metrics"));
  add_steps(lines, reports, terminal);
  add_attempts(lines, trial, reports);
  add_environment(lines, shown_directory(trial));
  return lines.text();
}

Answer<std::vector<json::Node>> reports_of(ApiClient& client, const std::string& target,
                                           const json::Node& trial) {
  std::vector<json::Node> reports;
  if (is_null(member(trial, "step"))) return reports;
  const auto done = each_report(
      client, {.target = target + "/reports", .key = "step", .pages_max = report_pages_max},
      [&](const json::Node& report) { reports.push_back(report); });
  if (!done) return done.failure();
  return reports;
}

ExitCode show(ApiClient& client, const TrialName& name, bool as_json, const Terminal& terminal) {
  const std::string target = trial_target(name.study, *name.trial);
  const auto reply = client.get(target);
  if (!reply) return tell(reply.failure(), terminal);
  if (as_json) {
    print_line(reply->body);
    return ExitCode::ok;
  }
  const auto reports = reports_of(client, target, reply->json);
  if (!reports) return tell(reports.failure(), terminal);
  print(text_of_trial(name, reply->json, *reports, terminal));
  return ExitCode::ok;
}

}  // namespace

ExitCode trial(Arguments& arguments, const Context& context) {
  std::string text;
  std::string number;
  bool as_json = false;
  arguments.positional("STUDY/N", text, "a study and a trial's number")
      .optional_positional("N", number, "the number, if it is not behind a slash")
      .json_flag(as_json);
  if (const auto exit = arguments.parse()) return *exit;
  const auto name = one_trial(text, number);
  if (!name) return tell(failure_of(name.error()), context.terminal);
  auto client = connect(context);
  if (!client) return tell(client.failure(), context.terminal);
  return show(*client, *name, as_json, context.terminal);
}

}  // namespace hpo::cli
