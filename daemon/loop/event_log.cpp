// One overload of line() for each event that is logged.
#include "daemon/loop/event_log.hpp"

#include <type_traits>

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

std::string with_message(std::string message) {
  for (char& c : message) {
    if (c == '"') c = '\'';
  }
  return message.empty() ? message : " message=\"" + message + "\"";
}

std::optional<LogLine> line(std::string_view study, const AttemptSubmitted& e) {
  return LogLine{"info", begin("submitted", study, e) + with("job", e.job) +
                             with("native_id", e.native_id)};
}

std::optional<LogLine> line(std::string_view study, const AttemptRejected& e) {
  return LogLine{"warn", begin("rejected", study, e) + with_message(e.message)};
}

std::optional<LogLine> line(std::string_view study, const AttemptUnknown& e) {
  return LogLine{"warn",
                 begin("in doubt", study, e) + with("job", e.job) + with_message(e.message)};
}

std::optional<LogLine> line(std::string_view study, const AttemptAbsent& e) {
  return LogLine{"warn",
                 begin("put off", study, e) + with("job", e.job) + with_message(e.message)};
}

std::optional<LogLine> line(std::string_view study, const AttemptEnded& e) {
  const Outcome& outcome = e.outcome;
  const bool is_failure = outcome.failure.has_value();
  return LogLine{is_failure ? "warn" : "info",
                 begin("ended", study, e) + with("status", word(outcome.status)) +
                     with("failure", is_failure ? word(*outcome.failure) : "") +
                     (is_failure ? with_message(outcome.message) : "")};
}

std::optional<LogLine> line(std::string_view, const auto&) { return std::nullopt; }

}  // namespace

std::optional<LogLine> log_line(std::string_view study, const Event& event) {
  return std::visit([&](const auto& body) { return line(study, body); }, event.body);
}

}  // namespace hpo::loop
