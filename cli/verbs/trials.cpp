// hpo trials STUDY: one line a trial, params in the space's order.
#include <algorithm>
#include <limits>

#include "cli/arguments.hpp"
#include "cli/json_view.hpp"
#include "cli/output.hpp"
#include "cli/pages.hpp"
#include "cli/status_text.hpp"
#include "cli/text.hpp"
#include "cli/verbs/verbs.hpp"
#include "schema/json/writer.hpp"
#include "schema/trial.hpp"

namespace hpo::cli {
namespace {

struct TrialsOptions {
  std::string study{};
  std::string state{};
  std::string sort{};
  std::optional<int> limit{};
  bool as_json = false;
};

std::string target_of(const TrialsOptions& options) {
  const int page = std::min(options.limit.value_or(page_size_max), page_size_max);
  std::string target = study_target(options.study) + "/trials?limit=" + std::to_string(page);
  if (!options.state.empty()) target += "&state=" + url_encoded(options.state);
  if (!options.sort.empty()) target += "&sort=" + url_encoded(options.sort);
  return target;
}

// The parameters that have a value in any of them, each behind those before it in a trial.
std::vector<std::string> param_names(const std::vector<json::Node>& trials) {
  std::vector<std::string> names;
  for (const json::Node& trial : trials) {
    auto place = names.begin();
    for (const json::Member& each : member(trial, "params").members) {
      const auto found = std::find(names.begin(), names.end(), each.key);
      place = (found != names.end() ? found : names.insert(place, each.key)) + 1;
    }
  }
  return names;
}

std::vector<Cell> row_of(const json::Node& trial, const std::vector<std::string>& params,
                         bool is_tty) {
  const auto cell = [&](const json::Node& value) {
    if (is_null(value)) return std::string(is_tty ? "-" : "");
    return is_tty ? short_text(value) : plain_text(value);
  };
  const std::string state = trial_state(trial);
  std::vector<Cell> row = {{.text = cell(member(trial, "number"))},
                           {.text = state, .style = style_of(state)},
                           {.text = cell(member(trial, "value")), .style = Style::bold}};
  for (const std::string& name : params) {
    row.push_back({.text = cell(member(trial, "params", name))});
  }
  for (const char* key : {"wait_s", "run_s"}) {
    const auto seconds = number_of(member(trial, key));
    row.push_back({.text = is_tty && seconds ? duration_text(*seconds) : cell(member(trial, key))});
  }
  row.push_back({.text = cell(member(trial, "failure")), .style = Style::red});
  return row;
}

Table table_of(const std::vector<json::Node>& trials, bool is_tty) {
  Table table;
  table.column("TRIAL", Align::right);
  table.column("STATE");
  table.column("VALUE", Align::right);
  const std::vector<std::string> params = param_names(trials);
  for (const std::string& name : params) table.column(name);
  table.column(is_tty ? "WAITED" : "WAIT_S", Align::right);
  table.column(is_tty ? "RAN" : "RUN_S", Align::right);
  table.column("FAILURE");
  for (const json::Node& trial : trials) table.row(row_of(trial, params, is_tty));
  return table;
}

std::string json_of(const std::vector<json::Node>& trials) {
  json::Writer writer;
  writer.object().key("trials").array();
  for (const json::Node& trial : trials) writer.raw(to_json(trial));
  writer.end().end();
  return std::move(writer).text();
}

ExitCode show(const TrialsOptions& options, const Context& context) {
  auto client = connect(context);
  if (!client) return tell(client.failure(), context.terminal);
  const int limit = options.limit.value_or(std::numeric_limits<int>::max());
  const auto trials =
      all_items(*client, target_of(options), "trials", static_cast<std::size_t>(limit));
  if (!trials) return tell(trials.failure(), context.terminal);
  if (options.as_json) print_line(json_of(*trials));
  else if (trials->empty()) note("no such trials; next: hpo status " + shell_quoted(options.study));
  else print(table_of(*trials, context.terminal.is_tty).render(context.terminal));
  return ExitCode::ok;
}

}  // namespace

ExitCode trials(Arguments& arguments, const Context& context) {
  TrialsOptions options;
  arguments.positional("STUDY", options.study, "its name")
      .option("--state", "STATE", options.state,
              "waiting, running, completed, pruned, infeasible, failed or cancelled")
      .option("--sort", "ORDER", options.sort, "number, value, or -value for the largest first")
      .option("--limit", "N", options.limit, 1, "at most so many")
      .json_flag(options.as_json);
  if (const auto exit = arguments.parse()) return *exit;
  if (!options.state.empty() && !from_word<TrialState>(options.state)) {
    return arguments.usage_error("there is no trial state \"" + options.state + "\"");
  }
  if (!options.sort.empty() && options.sort != "number" && options.sort != "value" &&
      options.sort != "-value") {
    return arguments.usage_error("there is no order \"" + options.sort + "\"");
  }
  return show(options, context);
}

}  // namespace hpo::cli
