// Trials, attempts, events and problems as JSON. Studies: encode_study.cpp.
#include "daemon/http/encode.hpp"

#include <algorithm>

#include "daemon/http/encode_time.hpp"

namespace hpo::http {
namespace {

void write_suggestion(json::Writer& writer, const Suggestion& suggestion) {
  writer.key("suggestion");
  if (suggestion.strategy.empty()) {
    writer.null();
    return;
  }
  writer.object().member("strategy", suggestion.strategy).member("version", suggestion.version);
  writer.member("build", suggestion.build).member("history_seq", suggestion.history_seq);
  writer.member("model_seq", suggestion.model_seq);
  writer.member("first_number", suggestion.first_number).member("count", suggestion.count);
  writer.member("instead_of", suggestion.instead_of);
  writer.member("deadline_ms", suggestion.deadline_ms).end();
}

void write_failure(json::Writer& writer, const std::optional<FailureClass>& failure) {
  writer.key("failure");
  if (failure) writer.value(word(*failure));
  else writer.null();
}

void write_attempt(json::Writer& writer, const Attempt& attempt, const std::string& directory) {
  const Outcome& outcome = attempt.outcome;
  writer.object().member("number", attempt.number).member("state", word(attempt.state));
  writer.member("job", attempt.job).member("native_id", attempt.native_id);
  writer.member("fence", attempt.fence);
  writer.member("verdict", word(attempt.decision.verdict));
  writer.member("verdict_reason", attempt.decision.reason);
  writer.member("slot", attempt.slot).member("devices", attempt.devices).key("asked_s");
  if (attempt.asked.time) writer.value(std::int64_t{attempt.asked.time->count()});
  else writer.null();
  writer.member("asked_memory_bytes", attempt.asked.memory_bytes);
  writer.member("exit_code", outcome.exit_code).member("signal", outcome.signal);
  write_failure(writer, outcome.failure);
  writer.member("value", outcome.value).member("place", outcome.place);
  writer.member("message", outcome.message.empty() ? attempt.message : outcome.message);
  write_time(writer, "submitted_at", attempt.submitted_ns);
  write_time(writer, "started_at", outcome.started_ns);
  write_time(writer, "ended_at", outcome.ended_ns);
  writer.member("directory", directory + "/" + std::to_string(attempt.number)).end();
}

void write_history(json::Writer& writer, const TrialExtras& extras) {
  writer.key("history").array();
  for (const Attempt& attempt : *extras.history) {
    write_attempt(writer, attempt, extras.directory);
  }
  writer.end().member("directory", extras.directory);
}

// Two clocks may disagree a little: what began before it was submitted has not waited.
void write_seconds(json::Writer& writer, std::string_view key,
                   const std::optional<std::int64_t>& from, const std::optional<std::int64_t>& to) {
  writer.key(key);
  if (from && to) writer.value(seconds_of(std::max<std::int64_t>(*to - *from, 0)));
  else writer.null();
}

void write_times(json::Writer& writer, const store::TrialRow& row) {
  const Trial& trial = row.trial;
  write_time(writer, "created_at", trial.created_ns);
  write_time(writer, "started_at", trial.started_ns);
  write_time(writer, "ended_at", trial.ended_ns);
  write_seconds(writer, "wait_s", row.submitted_ns, row.started_ns);
  write_seconds(writer, "run_s", row.started_ns, row.ended_ns);
}

}  // namespace

void write_trial(json::Writer& writer, const store::TrialRow& row, const TrialExtras& extras) {
  const Trial& trial = row.trial;
  writer.object().member("number", trial.number).member("state", word(trial.state));
  writer.key("params").raw(row.params).member("value", trial.value);
  writer.member("metrics", trial.metrics).member("attempts", trial.attempts);
  write_failure(writer, trial.failure);
  writer.member("message", trial.message).member("origin", word(trial.origin));
  writer.key("history_seq");
  if (trial.history_seq > 0) writer.value(trial.history_seq);
  else writer.null();
  writer.member("attempt", row.attempt).key("attempt_state");
  if (row.attempt_state) writer.value(word(*row.attempt_state));
  else writer.null();
  writer.member("retry_of", trial.retry_of).member("slot", row.slot);
  writer.member("step", row.step).member("rung", row.rung);
  writer.member("verdict_step", row.verdict_step).member("verdict_rung", row.verdict_rung);
  write_times(writer, row);
  if (extras.suggestion) write_suggestion(writer, trial.suggestion);
  if (extras.history != nullptr) {
    writer.member("waits_for", extras.waits_for);
    write_history(writer, extras);
    writer.key("doubts").array();
    for (const store::EventRow& doubt : *extras.doubts) write_event(writer, doubt);
    writer.end();
  }
  writer.end();
}

void write_event(json::Writer& writer, const store::EventRow& row) {
  writer.object().member("seq", row.seq);
  write_time(writer, "at", row.at_ns);
  writer.member("study", row.study).member("kind", row.kind).key("data").raw(row.data).end();
}

void write_problem(json::Writer& writer, const Problem& problem) {
  writer.object().member("code", problem.code).member("pointer", problem.pointer);
  writer.member("line", problem.line).member("column", problem.column);
  writer.member("message", problem.message).member("suggestion", problem.suggestion).end();
}

}  // namespace hpo::http
