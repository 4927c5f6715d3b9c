// One overload of line() for each event that is logged, of about() for each that studies on this
// node have logged too.
#include "daemon/loop/event_log.hpp"

#include <algorithm>
#include <utility>

namespace hpo::loop {
namespace {

// "submitted study=jets trial=3 attempt=1"
template <class T>
std::string begin(std::string_view what, std::string_view study, const T& e) {
  return std::string(what) + " study=" + std::string(study) + " trial=" +
         std::to_string(e.trial) + " attempt=" + std::to_string(e.attempt);
}

std::string with(std::string_view key, std::string_view value) {
  return value.empty() ? std::string() : " " + std::string(key) + "=" + std::string(value);
}

std::string with_text(std::string_view key, std::string text) {
  for (char& c : text) {
    if (c == '"') c = '\'';
  }
  return text.empty() ? text : " " + std::string(key) + "=\"" + text + "\"";
}

// A message may quote many lines that a training or a scheduler has printed. Here are those before
// that, as far as they are short; `hpo trial` and `hpo logs` show all.
std::string with_brief(std::string_view key, const std::string& text) {
  constexpr std::size_t bytes_max = 300;
  std::size_t end = std::min({text.size(), text.find("\nlast lines of "),
                              text.find("\nit printed last:")});
  if (end > bytes_max) {
    const std::size_t line = text.rfind('\n', bytes_max);
    end = std::min(end, line == std::string::npos ? text.find('\n') : line);
  }
  const auto more = std::count(text.begin() + static_cast<std::ptrdiff_t>(end), text.end(), '\n');
  return with_text(key, text.substr(0, end)) +
         (more > 0 ? " lines_more=" + std::to_string(more) : std::string());
}

std::string with_message(const std::string& message) { return with_brief("message", message); }

LogLine study_line(std::string_view what, std::string_view study, const std::string& more = {}) {
  return {"info", "study " + std::string(what) + " study=" + std::string(study) + more};
}

std::optional<LogLine> about(std::string_view study, const StudyCreated&) {
  return study_line("begins", study);
}

std::optional<LogLine> about(std::string_view study, const StudyPaused& e) {
  LogLine line = study_line("paused", study, with("reason", word(e.reason)) +
                                                 with_brief("detail", e.detail));
  if (e.reason != StudyReason::user) line.level = "warn";
  return line;
}

std::optional<LogLine> about(std::string_view study, const StudyResumed&) {
  return study_line("resumed", study);
}

std::optional<LogLine> about(std::string_view study, const StudyReopened&) {
  return study_line("reopened", study);
}

std::optional<LogLine> about(std::string_view study, const StudyCancelling&) {
  return study_line("cancelling", study);
}

std::optional<LogLine> about(std::string_view study, const StudyEnded& e) {
  return study_line("ended", study, with("state", word(e.state)) + with("reason", word(e.reason)));
}

// Of a submission, a trial's or a worker's.
template <class T>
LogLine submitted(const std::string& begin, const T& e) {
  return {"info", begin + with("job", e.job) + with("native_id", e.native_id)};
}

template <class T>
LogLine warned(const std::string& begin, const T& e) {
  return {"warn", begin + with("job", e.job) + with_message(e.message)};
}

// "worker submitted study=jets worker=3": few of a study, so they are logged wherever they run.
template <class T>
std::string begin_of_worker(std::string_view what, std::string_view study, const T& e) {
  return "worker " + std::string(what) + " study=" + std::string(study) +
         " worker=" + std::to_string(e.worker);
}

std::optional<LogLine> about(std::string_view study, const WorkerSubmitted& e) {
  return submitted(begin_of_worker("submitted", study, e), e);
}

std::optional<LogLine> about(std::string_view study, const WorkerRejected& e) {
  return LogLine{"warn", begin_of_worker("rejected", study, e) + with_message(e.message)};
}

std::optional<LogLine> about(std::string_view study, const WorkerUnknown& e) {
  return warned(begin_of_worker("in doubt", study, e), e);
}

std::optional<LogLine> about(std::string_view study, const WorkerAbsent& e) {
  return warned(begin_of_worker("put off", study, e), e);
}

std::optional<LogLine> about(std::string_view study, const WorkerEnded& e) {
  const auto& failure = e.outcome.failure;
  return LogLine{failure ? "warn" : "info",
                 begin_of_worker("ended", study, e) + with("status", word(e.outcome.status)) +
                     with("failure", failure ? word(*failure) : "") +
                     (failure ? with_message(e.outcome.message) : "")};
}

// Others are logged by executors. The first one of its kind is enough: trials share a script.
std::optional<LogLine> about(std::string_view study, const AttemptIncident& e) {
  if (!e.remark) return std::nullopt;
  return LogLine{"warn", begin("reports", study, e) + with("remark", word(*e.remark)) +
                             with_message(e.message) +
                             with_text("more", "hpo trial: of other trials of the study that is "
                                               "said there alone")};
}

std::optional<LogLine> about(std::string_view, const auto&) { return std::nullopt; }

std::optional<LogLine> line(std::string_view study, const AttemptSubmitted& e) {
  return submitted(begin("submitted", study, e), e);
}

std::optional<LogLine> line(std::string_view study, const AttemptRejected& e) {
  return LogLine{"warn", begin("rejected", study, e) + with_message(e.message)};
}

std::optional<LogLine> line(std::string_view study, const AttemptUnknown& e) {
  return warned(begin("in doubt", study, e), e);
}

std::optional<LogLine> line(std::string_view study, const AttemptAbsent& e) {
  return warned(begin("put off", study, e), e);
}

std::optional<LogLine> line(std::string_view study, const AttemptEnded& e) {
  const Outcome& outcome = e.outcome;
  const bool is_failure = outcome.failure.has_value();
  return LogLine{is_failure ? "warn" : "info",
                 begin("ended", study, e) + with("status", word(outcome.status)) +
                     with("failure", is_failure ? word(*outcome.failure) : "") +
                     (is_failure ? with_message(outcome.message) : "")};
}

std::optional<LogLine> line(std::string_view study, const auto& e) { return about(study, e); }

std::optional<FailureClass> failure_of(const AttemptRejected& e) { return e.failure; }
std::optional<FailureClass> failure_of(const AttemptEnded& e) { return e.outcome.failure; }
std::optional<FailureClass> failure_of(const auto&) { return std::nullopt; }

}  // namespace

std::optional<LogLine> log_line(std::string_view study, const Event& event) {
  return std::visit([&](const auto& body) { return line(study, body); }, event.body);
}

std::optional<LogLine> log_line_here(std::string_view study, const Event& event,
                                     std::set<FailureClass>& told) {
  return std::visit([&](const auto& body) {
    const auto failure = failure_of(body);
    if (!failure) return about(study, body);
    if (!told.insert(*failure).second) return std::optional<LogLine>();
    auto first = line(study, body);
    first->text += with_text("more", "'hpo logs " + std::string(study) + " --failed': the next "
                             "ones of this class have no line");
    return first;
  }, event.body);
}

}  // namespace hpo::loop
