// The words of `hpo status`.
#include "cli/status_text.hpp"

#include <algorithm>
#include <cmath>

#include "cli/json_view.hpp"
#include "cli/text.hpp"
#include "schema/json/writer.hpp"
#include "schema/pruner_list.hpp"
#include "schema/trial.hpp"

namespace hpo::cli {
namespace {

std::string value_text(double value, const Terminal& terminal) {
  return terminal.is_tty ? short_number(value) : json::number_text(value);
}

// "asha: lets the best fraction of the trials at each rung go on"; "": every trial runs to its end.
std::string pruner_text(const StudyView& study) {
  if (study.pruner == "none") return {};
  const auto found = std::ranges::find(pruner_list, study.pruner, &PrunerText::name);
  if (found == pruner_list.end()) return study.pruner;
  return study.pruner + ": " + std::string(found->summary);
}

std::vector<Cell> row_of(const StudyView& study, bool has_queue, const Terminal& terminal) {
  const auto rate = rate_per_s(study);
  const auto left = time_left_s(study);
  const auto count = [](std::int64_t number) { return Cell{.text = std::to_string(number)}; };
  std::vector<Cell> row{{.text = study.name, .style = Style::bold},
                        {.text = state_word(study), .style = style_of(study)},
                        {.text = std::to_string(study.trials.finished()) + "/" +
                                 std::to_string(study.trials.total)},
                        count(study.trials.started())};
  if (has_queue) row.push_back(count(study.trials.queued));
  row.push_back(count(study.trials.failed));
  row.push_back({.text = study.best ? value_text(study.best->value, terminal)
                                    : std::string("-")});
  row.push_back({.text = rate && !is_ended(study.state) ? rate_text(*rate) : std::string("-")});
  row.push_back({.text = left ? duration_text(*left) : std::string("-")});
  row.push_back({.text = on_one_line(why_text(study))});
  return row;
}

std::string hours_text(double hours) {
  constexpr double least = 0.01;
  if (hours > 0 && hours < least) return "less than " + short_number(least);
  return short_number(std::round(hours / least) * least);
}

// Below the best value, which much noise makes look better than it is.
std::string recommended_text(const StudyView& study, const Terminal& terminal) {
  if (!study.recommended) return {};
  const Best& it = *study.recommended;
  return "\nrecommended: trial " + std::to_string(it.trial) + ", by a model " + study.metric +
         " " + value_text(it.value, terminal) + " on average: " + params_text(it.params);
}

void append_line(std::string& text, std::string_view label, const std::string& words,
                 const Terminal& terminal) {
  if (words.empty()) return;
  const std::string pad(label.size() < 10 ? 10 - label.size() : 1, ' ');
  text += "  " + styled(label, Style::dim, terminal.has_color) + pad +
          indented(printable(words), 12) + "\n";
}

}  // namespace

Style style_of(const StudyView& study) {
  switch (study.state) {
    case StudyState::running: return Style::cyan;
    case StudyState::finished: return Style::green;
    case StudyState::failed: return Style::red;
    default: return Style::yellow;
  }
}

Style style_of(std::string_view trial_state) {
  if (trial_state == "completed") return Style::green;
  if (trial_state == "failed") return Style::red;
  if (trial_state == "running") return Style::cyan;
  return trial_state == "waiting" || trial_state == "queued" ? Style::dim : Style::yellow;
}

std::string trial_state(const json::Node& trial) {
  const std::string state = text_of(member(trial, "state"));
  const std::string attempt = text_of(member(trial, "attempt_state"));
  if (state != word(TrialState::running) || attempt.empty()) return state;
  return attempt == word(AttemptState::submitted) ? std::string("queued") : attempt;
}

Table status_table(const std::vector<StudyView>& studies, const Terminal& terminal) {
  Table table;
  table.column("STUDY");
  table.column("STATE");
  const bool has_queue = std::ranges::any_of(studies, [](const StudyView& study) {
    return is_batch(study.executor);
  });
  for (const char* name : {"DONE", "RUNNING", "QUEUED", "FAILED", "BEST", "RATE", "LEFT"}) {
    if (has_queue || name != std::string_view("QUEUED")) table.column(name, Align::right);
  }
  table.column("WHY");
  for (const StudyView& study : studies) table.row(row_of(study, has_queue, terminal));
  return table;
}

std::string counts_text(const TrialCounts& trials) {
  const std::pair<std::int64_t, const char*> parts[] = {
      {trials.completed, "completed"}, {trials.pruned, "pruned"},
      {trials.infeasible, "infeasible"}, {trials.failed, "failed"},
      {trials.cancelled, "cancelled"}, {trials.started(), "running"},
      {trials.queued, "queued"}, {trials.waiting, "waiting"}, {trials.paused, "paused"}};
  std::string text;
  for (const auto& [count, name] : parts) {
    if (count == 0) continue;
    text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + name;
    if (name != std::string_view("running") || trials.unheard == 0) continue;
    text += " (" + std::to_string(trials.unheard) +
            " not heard of for more than half a lease, or since hpod started)";
  }
  return text;
}

std::string params_text(const json::Node& params) {
  std::string text;
  for (const json::Member& each : params.members) {
    text += (text.empty() ? "" : " ") + each.key + "=" + short_text(each.value);
  }
  return text;
}

std::string status_text(const StudyView& study, const Terminal& terminal) {
  std::string text = styled(printable(study.name), Style::bold, terminal.has_color) + "  " +
                     styled(state_word(study), style_of(study), terminal.has_color) + "  " +
                     std::to_string(study.trials.finished()) + "/" +
                     counted(study.trials.total, "trial") + "\n";
  append_line(text, "about", study.description, terminal);
  append_line(text, "trials", counts_text(study.trials), terminal);
  if (study.best) {
    append_line(text, "best", study.metric + " " + value_text(study.best->value, terminal) +
                                  ", trial " + std::to_string(study.best->trial) + ": " +
                                  params_text(study.best->params) +
                                  recommended_text(study, terminal), terminal);
  }
  const auto rate = rate_per_s(study);
  const auto left = time_left_s(study);
  if (rate) {
    append_line(text, "rate", rate_text(*rate) +
                                  (left ? ", about " + duration_text(*left) + " left" : ""),
                terminal);
  }
  if (study.node_hours) {
    append_line(text, "node-hours", hours_text(study.node_hours->spent) + " of " +
                                        short_number(study.node_hours->budget) + " used by jobs "
                                        "that have ended", terminal);
  }
  append_line(text, "strategy", study.strategy + " on " + study.executor + ", " +
                                    std::to_string(study.slots) + " at a time" +
                                    (study.chosen_for.empty()
                                         ? "" : "\nchosen by auto: " + study.chosen_for), terminal);
  append_line(text, "pruner", pruner_text(study), terminal);
  append_line(text, "workers", workers_text(study), terminal);
  append_line(text, "asks", suggestions_text(study), terminal);
  append_line(text, "now", why_text(study), terminal);
  if (study.reason != StudyReason::user) append_line(text, "why", study.detail, terminal);
  return text;
}

}  // namespace hpo::cli
