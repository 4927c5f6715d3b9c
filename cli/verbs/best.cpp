// hpo best STUDY: the best trial so far, in a form to read or to paste.
//
// With much noise the best value seen is the luckiest one's: what is pasted is then the recommended
// trial's.
#include "cli/api_client.hpp"
#include "cli/arguments.hpp"
#include "cli/json_view.hpp"
#include "cli/output.hpp"
#include "cli/text.hpp"
#include "cli/verbs/verbs.hpp"
#include "executors/runner/environment.hpp"

namespace hpo::cli {
namespace {

std::string as_args(const json::Node& params) {
  std::string text;
  for (const json::Member& each : params.members) {
    text += (text.empty() ? "" : " ") +
            shell_quoted("--" + each.key + "=" + plain_text(each.value));
  }
  return text + "\n";
}

// As the runner names and writes them for a training; exported, for a training is a child.
std::string as_env(const json::Node& params) {
  std::string text;
  for (const json::Member& each : params.members) {
    text += "export " + runner::variable_of(each.key) + "=" +
            shell_quoted(plain_text(each.value)) + "\n";
  }
  return text;
}

// With much noise, beside the best what is recommended, whose value is that which a model expects.
std::string as_table(const json::Node& best, const Terminal& terminal) {
  const json::Node& recommended = member(best, "recommended");
  const bool has_both = !is_null(recommended);
  Table table;
  table.column("NAME");
  table.column(has_both ? "BEST SEEN" : "VALUE");
  if (has_both) table.column("RECOMMENDED");
  const auto text = [&](const json::Node& value) {
    if (is_null(value)) return std::string("-");
    return terminal.is_tty ? short_text(value) : plain_text(value);
  };
  const auto add = [&](const std::string& name, const json::Node& value, const json::Node& other,
                       Style style) {
    std::vector<Cell> row{{.text = name, .style = style}, {.text = text(value)}};
    if (has_both) row.push_back({.text = text(other)});
    table.row(std::move(row));
  };
  add("trial", member(best, "trial"), member(recommended, "trial"), Style::bold);
  add("value", member(best, "value"), member(recommended, "value"), Style::green);
  for (const json::Member& each : member(best, "params").members) {
    add(each.key, each.value, member(recommended, "params", each.key), Style::plain);
  }
  for (const json::Member& each : member(recommended, "params").members) {
    const json::Node& of_best = member(best, "params", each.key);  // conditions may take it away
    if (is_null(of_best)) add(each.key, of_best, each.value, Style::plain);
  }
  for (const json::Member& each : member(best, "metrics").members) {
    add("metric " + each.key, each.value, member(recommended, "metrics"), Style::dim);
  }
  return table.render(terminal);
}

const json::Node& params_to_paste(const json::Node& best) {
  const json::Node& recommended = member(best, "recommended", "params");
  return is_null(recommended) ? member(best, "params") : recommended;
}

// Answered as not found, as an unknown study is: the study itself tells them apart.
Failure told_apart(Failure failure, ApiClient& client, const std::string& study) {
  if (failure.exit_code == ExitCode::not_found && client.get(study_target(study))) {
    failure.exit_code = ExitCode::no_success;
  }
  return failure;
}

}  // namespace

ExitCode best(Arguments& arguments, const Context& context) {
  std::string study;
  std::string format = "table";
  bool as_json = false;
  arguments.positional("STUDY", study, "its name")
      .option("--format", "FORMAT", format,
              "table, json, args (--lr=0.001 …) or env (export HPO_P_LR=…); with noise \"high\" "
              "the last two are the recommended trial's, table and json have both")
      .json_flag(as_json);
  if (const auto exit = arguments.parse()) return *exit;
  if (as_json) format = "json";
  if (format != "table" && format != "json" && format != "args" && format != "env") {
    return arguments.usage_error("there is no format \"" + format + "\"");
  }
  auto client = connect(context);
  if (!client) return tell(client.failure(), context.terminal);
  const auto reply = client->get(study_target(study) + "/best");
  if (!reply) return tell(told_apart(reply.failure(), *client, study), context.terminal);
  if (format == "json") print_line(reply->body);
  else if (format == "args") print(as_args(params_to_paste(reply->json)));
  else if (format == "env") print(as_env(params_to_paste(reply->json)));
  else print(as_table(reply->json, context.terminal));
  return ExitCode::ok;
}

}  // namespace hpo::cli
