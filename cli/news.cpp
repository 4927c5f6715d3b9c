// Events in words, for `hpo watch`.
#include <algorithm>

#include "cli/text.hpp"
#include "cli/watch_frame.hpp"
#include "schema/report.hpp"
#include "schema/trial.hpp"

namespace hpo::cli {
namespace {

std::string kind_of(const json::Node& event) { return text_of(member(event, "kind")); }

std::string with_reason(std::string text, const json::Node& trial) {
  const std::string failure = text_of(member(trial, "failure"));
  const std::string message = first_line(text_of(member(trial, "message")));
  if (!failure.empty()) text += " (" + failure + ")";
  if (!message.empty()) text += ": " + message;
  return text;
}

std::string completed_text(const std::string& name, const json::Node& trial,
                           const StudyView& study) {
  const auto value = number_of(member(trial, "value"));
  if (!value) return name + " completed";
  const bool is_better = !study.best || (study.direction == Direction::minimize
                                             ? *value < study.best->value
                                             : *value > study.best->value);
  const bool is_best = is_better || study.best->trial == integer_of(member(trial, "number"));
  return name + " completed: " + study.metric + " " + short_number(*value) +
         (is_best ? " (best so far)" : "");
}

// Of the trial's attempt: a pruner told it to pause.
bool was_to_pause(const json::Node& trial, std::int64_t number) {
  const auto& attempts = member(trial, "history").items;
  return std::any_of(attempts.begin(), attempts.end(), [&](const json::Node& attempt) {
    return integer_of(member(attempt, "number")) == number &&
           text_of(member(attempt, "verdict")) == word(Verdict::pause);
  });
}

std::string ended_text(const std::string& name, const json::Node& event, const json::Node& trial,
                       const StudyView& study) {
  const std::string state = text_of(member(trial, "state"));
  if (state == word(TrialState::completed)) return completed_text(name, trial, study);
  if (state == word(TrialState::waiting) || state == word(TrialState::running)) {
    const bool goes_on = was_to_pause(trial, integer_of(member(event, "data", "attempt")));
    return name + (goes_on ? " paused, and goes on" : " lost an attempt and will be tried again");
  }
  return with_reason(name + " " + state, trial);
}

std::string started_text(const std::string& name, const json::Node& data) {
  const auto attempt = integer_of(member(data, "attempt"));
  return name + " started" + (attempt > 1 ? ", attempt " + std::to_string(attempt) : "");
}

std::string worker_text(const std::string& kind, const json::Node& data) {
  const std::string name = "worker job " + std::to_string(integer_of(member(data, "worker")));
  if (kind == "worker_submitted") {
    return name + " submitted: " + text_of(member(data, "native_id"));
  }
  if (kind == "worker_asked") return name + " asks for trials";
  if (kind == "worker_unknown") return name + ": was it submitted? looking for it";
  if (kind == "worker_rejected") {
    return name + " rejected: " + first_line(text_of(member(data, "message")));
  }
  if (kind != "worker_ended") return {};
  return with_reason(name + " ended", member(data, "outcome"));
}

std::string study_text(const std::string& kind, const json::Node& data) {
  const std::string detail = first_line(text_of(member(data, "detail")));
  const std::string reason = text_of(member(data, "reason"));
  if (kind == "study_paused") return "paused: " + (detail.empty() ? reason : detail);
  if (kind == "study_resumed") return "resumed";
  if (kind == "study_reopened") return "reopened: failed trials are tried again";
  if (kind == "study_cancelling") return "being cancelled";
  if (kind == "study_ended") return "ended: " + text_of(member(data, "state"));
  if (kind == "space_exhausted") return "every point of the space was tried";
  return {};
}

}  // namespace

bool needs_trial(const json::Node& event) {
  const std::string kind = kind_of(event);
  return kind == "attempt_ended" || kind == "attempt_rejected" || kind == "trial_cancelled" ||
         kind == "trial_pruned";
}

std::string news_line(const json::Node& event, const json::Node& trial, const StudyView& study) {
  const std::string kind = kind_of(event);
  const json::Node& data = member(event, "data");
  const std::string name = "trial " + std::to_string(integer_of(member(data, "trial")));
  if (needs_trial(event)) return ended_text(name, event, trial, study);
  if (kind == "attempt_running") return started_text(name, data);
  if (kind == "attempt_started") {
    return started_text(name, data) + " by " + text_of(member(data, "worker"));
  }
  if (kind == "attempt_submitted") {
    return member(data, "is_running").boolean ? started_text(name, data)
                                              : name + " is queued: " +
                                                    text_of(member(data, "native_id"));
  }
  if (kind == "attempt_unknown") return name + ": was its job submitted? looking for it";
  if (kind == "trial_taken_up") return name + " is taken up again";
  if (kind == "trial_cancelling") return name + " is being cancelled";
  if (kind.starts_with("worker_")) return worker_text(kind, data);
  return study_text(kind, data);
}

}  // namespace hpo::cli
