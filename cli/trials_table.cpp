// The table of `hpo trials`: one line a trial.
#include "cli/trials_table.hpp"

#include <algorithm>
#include <string>

#include "cli/json_view.hpp"
#include "cli/status_text.hpp"
#include "cli/text.hpp"
#include "schema/trial.hpp"

namespace hpo::cli {
namespace {

// What only some studies have, as those that stop trials early: the others keep their table.
struct ExtraColumns {
  bool has_retries = false;
  bool has_step = false;
  bool has_rung = false;
  bool has_reason = false;
};

// Each name behind those before it in a trial.
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

std::string reason_of(const json::Node& trial) {
  const std::string state = text_of(member(trial, "state"));
  const bool is_early = state == word(TrialState::pruned) || state == word(TrialState::paused);
  return is_early ? on_one_line(text_of(member(trial, "message"))) : std::string();
}

// Where the pruner said what REASON tells, though the training may have reached more before it
// ended; else the highest one.
const json::Node& rung_of(const json::Node& trial) {
  const json::Node& judged = member(trial, "verdict_rung");
  const bool is_judged = !reason_of(trial).empty() && !is_null(judged);
  return is_judged ? judged : member(trial, "rung");
}

ExtraColumns extra_columns(const std::vector<json::Node>& trials) {
  const auto any = [&](auto has) { return std::any_of(trials.begin(), trials.end(), has); };
  return {
      .has_retries = any([](const auto& trial) {
        return integer_of(member(trial, "attempts")) > 1;
      }),
      .has_step = any([](const auto& trial) { return !is_null(member(trial, "step")); }),
      .has_rung = any([](const auto& trial) { return !is_null(member(trial, "rung")); }),
      .has_reason = any([](const auto& trial) { return !reason_of(trial).empty(); })};
}

std::string cell_text(const json::Node& value, bool is_tty) {
  if (is_null(value)) return is_tty ? "-" : "";
  return is_tty ? short_text(value) : plain_text(value);
}

void add_extra(std::vector<Cell>& row, const json::Node& trial, const ExtraColumns& extra,
               bool is_tty) {
  if (extra.has_retries) row.push_back({.text = cell_text(member(trial, "attempts"), is_tty)});
  if (extra.has_step) row.push_back({.text = cell_text(member(trial, "step"), is_tty)});
  if (extra.has_rung) row.push_back({.text = cell_text(rung_of(trial), is_tty)});
  if (extra.has_reason) row.push_back({.text = reason_of(trial)});
}

std::vector<Cell> row_of(const json::Node& trial, const std::vector<std::string>& params,
                         const ExtraColumns& extra, bool is_tty) {
  const auto cell = [&](const json::Node& value) { return cell_text(value, is_tty); };
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
  add_extra(row, trial, extra, is_tty);
  return row;
}

}  // namespace

Table trials_table(const std::vector<json::Node>& trials, bool is_tty) {
  Table table;
  table.column("TRIAL", Align::right);
  table.column("STATE");
  table.column("VALUE", Align::right);
  const std::vector<std::string> params = param_names(trials);
  for (const std::string& name : params) table.column(name);
  table.column(is_tty ? "WAITED" : "WAIT_S", Align::right);
  table.column(is_tty ? "RAN" : "RUN_S", Align::right);
  table.column("FAILURE");
  const ExtraColumns extra = extra_columns(trials);
  if (extra.has_retries) table.column("ATTEMPTS", Align::right);
  if (extra.has_step) table.column("STEP", Align::right);
  if (extra.has_rung) table.column("RUNG", Align::right);
  if (extra.has_reason) table.column("REASON");
  for (const json::Node& trial : trials) table.row(row_of(trial, params, extra, is_tty));
  return table;
}

}  // namespace hpo::cli
