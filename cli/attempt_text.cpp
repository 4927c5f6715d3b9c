// See attempt_text.hpp.
#include "cli/attempt_text.hpp"

#include <unistd.h>

#include <algorithm>

#include "cli/text.hpp"
#include "executors/runner/process.hpp"
#include "schema/memory_text.hpp"
#include "schema/report.hpp"
#include "schema/trial.hpp"

namespace hpo::cli {
namespace {

constexpr double queued_least_s = 1;  // less is no queue
constexpr std::string_view by_cancel = "cancelled while it ran";  // as executors say it

bool is_pulled(const json::Node& attempt) { return integer_of(member(attempt, "fence")) > 0; }

bool is_state(const json::Node& trial, TrialState state) {
  return text_of(member(trial, "state")) == word(state);
}

bool is_shown(const json::Node& trial, const json::Node& attempt) {
  return integer_of(member(trial, "attempt")) == integer_of(member(attempt, "number"));
}

// By the signal, as a user's cancel would; what a user has cancelled is not the pruner's.
bool is_ended_by_pruner(const json::Node& trial, const json::Node& attempt) {
  const auto verdict = from_word<Verdict>(text_of(member(attempt, "verdict")));
  const bool is_of_user = is_state(trial, TrialState::cancelled) && is_shown(trial, attempt);
  return verdict && *verdict != Verdict::go_on && !is_of_user &&
         text_of(member(attempt, "state")) == word(AttemptState::cancelled);
}

// Where the pruner told it so first: it says it again until the training has ended.
std::string verdict_place(const json::Node& attempt, const std::vector<json::Node>& reports) {
  for (const json::Node& report : reports) {
    const bool is_of_it = integer_of(member(report, "attempt")) ==
                          integer_of(member(attempt, "number"));
    const std::string verdict = text_of(member(report, "decision", "verdict"));
    if (is_of_it && verdict == text_of(member(attempt, "verdict"))) {
      return " at step " + plain_text(member(report, "step"));
    }
  }
  return {};
}

std::string pruner_text(const json::Node& attempt, const std::vector<json::Node>& reports,
                        const std::string& told) {
  const bool is_pause = text_of(member(attempt, "verdict")) == word(Verdict::pause);
  const std::string reason = text_of(member(attempt, "verdict_reason"));
  return (is_pause ? "paused" : "stopped by the pruner") + verdict_place(attempt, reports) +
         (reason.empty() || reason == told ? std::string() : ": " + reason);
}

// What is left of a message when the state has said whose doing it was.
std::string rest_of(std::string message) {
  if (!message.starts_with(by_cancel)) return message;
  message.erase(0, by_cancel.size());
  return message.substr(std::min(message.find_first_not_of("; \n"), message.size()));
}

// "late" alone would not say what for.
std::string state_text(const json::Node& trial, const json::Node& attempt) {
  std::string text = text_of(member(attempt, "state"));
  if (text == word(AttemptState::late)) {
    text += is_pulled(attempt) ? ": its lease had ended" : ": it had been given up";
  }
  const auto state = from_word<TrialState>(text_of(member(trial, "state")));
  const bool is_one_of_several = member(trial, "history").items.size() > 1;
  const bool has_ended = state && is_finished(*state) && *state != TrialState::cancelled;
  if (has_ended && is_one_of_several && is_shown(trial, attempt)) text += "; its end counts";
  return text;
}

// Of an attempt that another one's result came before, or that a user had cancelled.
std::string uncounted_text(const json::Node& trial, const json::Node& attempt) {
  const json::Node& value = member(attempt, "value");
  const bool is_cancelled = is_state(trial, TrialState::cancelled);
  const bool is_another = is_state(trial, TrialState::completed) && !is_shown(trial, attempt);
  if (is_null(value) || (!is_cancelled && !is_another)) return {};
  return ", brought " + plain_text(value) + ", which does not count";
}

std::string name_of(std::string_view key, const json::Node& attempt) {
  return key == "native_id" && is_pulled(attempt) ? "worker" : std::string(key);
}

std::string facts_text(const json::Node& attempt, const std::string& told, bool is_of_pruner) {
  std::string text;
  for (const char* key : {"failure", "exit_code", "signal", "native_id", "message"}) {
    const json::Node& value = member(attempt, key);
    const bool is_message = std::string_view(key) == "message";
    const std::string words = is_null(value) ? std::string()
                              : std::string_view(key) == "failure"
                                  ? failure_text(attempt, attempt)
                              : is_message && is_of_pruner ? rest_of(plain_text(value))
                                                           : plain_text(value);
    if (!words.empty() && (!is_message || words != told)) {
      text += ", " + name_of(key, attempt) + " " + words;
    }
  }
  return text;
}

// A training that came to its last step has its value, whatever its pruner said by then.
std::string verdict_text(const json::Node& trial, const json::Node& attempt,
                         const std::string& told) {
  const std::string reason = text_of(member(attempt, "verdict_reason"));
  if (reason.empty()) return {};
  const std::string verdict = text_of(member(attempt, "verdict"));
  const bool is_whole = is_state(trial, TrialState::completed) && is_shown(trial, attempt);
  return (is_whole ? ", came to its last step before the pruner's \"" + verdict + "\" ended it"
                   : ", told to " + verdict) +
         (reason == told ? std::string() : ": " + reason);
}

// Of a batch system.
std::string asked_text(const json::Node& attempt) {
  const auto time_s = number_of(member(attempt, "asked_s"));
  const auto bytes = number_of(member(attempt, "asked_memory_bytes"));
  std::string text;
  if (time_s) text = ", asked for " + duration_text(*time_s);
  if (bytes) {
    text += (time_s ? " and " : ", asked for ") + memory_text(static_cast<std::int64_t>(*bytes));
  }
  return text;
}

std::string times_text(const json::Node& attempt) {
  const auto submitted = utc_seconds(text_of(member(attempt, "submitted_at")));
  const auto from = utc_seconds(text_of(member(attempt, "started_at")));
  const auto to = utc_seconds(text_of(member(attempt, "ended_at")));
  std::string text;
  if (submitted && from && *from - *submitted >= queued_least_s) {
    text = ", waited " + duration_text(*from - *submitted);
  }
  if (from && to) text += ", ran " + duration_text(*to - *from);
  return text;
}

}  // namespace

const json::Node& shown_attempt(const json::Node& trial) {
  static const json::Node none;
  const auto& history = member(trial, "history").items;
  for (const json::Node& attempt : history) {
    if (is_shown(trial, attempt)) return attempt;
  }
  return history.empty() ? none : history.back();
}

std::string failure_text(const json::Node& failed, const json::Node& attempt) {
  const std::string failure = text_of(member(failed, "failure"));
  const bool is_told = failure == word(FailureClass::exit_code) &&
                       is_null(member(attempt, "exit_code")) && is_pulled(attempt);
  return is_told ? failure + ", of no process" : failure;
}

std::string attempt_text(const json::Node& trial, const json::Node& attempt,
                         const std::vector<json::Node>& reports) {
  const std::string told = text_of(member(trial, "message"));
  const bool is_of_pruner = is_ended_by_pruner(trial, attempt);
  return (is_of_pruner ? pruner_text(attempt, reports, told) : state_text(trial, attempt)) +
         uncounted_text(trial, attempt) + facts_text(attempt, told, is_of_pruner) +
         (is_of_pruner ? std::string() : verdict_text(trial, attempt, told)) +
         asked_text(attempt) + times_text(attempt);
}

std::string files_text(const json::Node& attempt) {
  const std::string directory = text_of(member(attempt, "directory"));
  const bool is_elsewhere = is_pulled(attempt) && ::access(directory.c_str(), F_OK) != 0;
  if (!is_elsewhere) return directory;
  const std::string place = text_of(member(attempt, "place"));
  const std::string here = runner::host_name() + ":";
  const bool is_here = place.starts_with(here) && ::access(&place[here.size()], F_OK) == 0;
  if (is_here) return place.substr(here.size());
  if (!place.empty()) return place + " (on its worker's machine, not to be seen from here)";
  return "not here: they are where " + text_of(member(attempt, "native_id")) + " trained it";
}

}  // namespace hpo::cli
