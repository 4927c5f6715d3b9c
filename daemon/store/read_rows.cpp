// Rows -> values. What we wrote is checked again: a file outlives the program that wrote it.
#include "daemon/store/rows.hpp"

#include <cmath>

#include "schema/codec/codec.hpp"
#include "schema/json/node.hpp"

namespace hpo::store {
namespace {

constexpr std::string_view no_numbers = "{}";

Result<std::vector<int>> devices_from_json(std::string_view text) {
  std::vector<int> devices;
  if (text == "[]") return devices;
  const auto node = json::parse_own(text, "attempts.devices");
  if (!node) return node.error();
  for (const json::Node& item : node->items) devices.push_back(static_cast<int>(item.integer));
  return devices;
}

// Empty: it has not ended.
Result<Outcome> outcome_from_row(std::string_view text) {
  return text.empty() ? Result<Outcome>(Outcome{}) : outcome_from_json(text);
}

std::optional<FailureClass> read_failure(Query& row, bool& is_sound) {
  const std::string_view text = row.text();
  if (text.empty()) return std::nullopt;
  const auto failure = from_word<FailureClass>(text);
  is_sound = is_sound && failure.has_value();
  return failure;
}

Suggestion read_suggestion(Query& row) {
  Suggestion s;
  s.strategy = row.text();
  s.version = row.number();
  s.build = row.text();
  s.history_seq = row.integer();
  s.model_seq = row.integer();
  s.first_number = row.number();
  s.count = row.number();
  s.instead_of = row.text();
  s.deadline_ms = row.integer();
  return s;
}

void read_counts(Query& row, engine::Progress& p) {
  p.created = row.number();
  p.completed = row.number();
  p.pruned = row.number();
  p.infeasible = row.number();
  p.failed = row.number();
  p.cancelled = row.number();
  p.trials_more = row.number();
  p.failures_forgiven = row.number();
  p.attempts = row.number();
}

}  // namespace

Result<std::map<std::string, double>> metrics_from_json(std::string_view text) {
  std::map<std::string, double> metrics;
  if (text == no_numbers) return metrics;
  const auto node = json::parse_own(text, "metrics");
  if (!node) return node.error();
  for (const json::Member& member : node->members) {
    const bool is_number = member.value.is_number() || member.value.kind == json::Kind::null;
    if (!is_number) return damaged("trials or reports", "a metric is no number");
    metrics[member.key] = member.value.is_number() ? member.value.number : std::nan("");
  }
  return metrics;
}

Error damaged(std::string_view table, std::string_view what) {
  return {ErrorCode::corrupt, std::string(what), "hpo.db, table " + std::string(table),
          std::string(damage_remedy)};
}

Result<engine::Progress> read_progress(Query& row) {
  bool is_sound = true;
  engine::Progress p;
  p.state = read_word<StudyState>(row, is_sound);
  p.reason = read_word<StudyReason>(row, is_sound);
  p.detail = row.text();
  p.exhausted = row.integer() != 0;
  read_counts(row, p);
  p.failures_alike = row.number();
  p.failure_signature = row.text();
  p.best_trial = row.maybe_number();
  p.best_value = row.maybe_real();
  p.finished_since_best = row.number();
  p.spent_ns = row.integer();
  p.spent_node_ms = row.integer();
  p.created_ns = row.integer();
  p.started_ns = row.integer();
  p.ended_ns = row.integer();
  p.recommended_trial = row.maybe_number();
  p.recommended_value = row.maybe_real();
  p.recommended_at = row.number();
  p.stand_ins = row.number();
  p.workers = row.number();
  p.workers_in_vain = row.number();
  p.worker_end = row.text();
  if (!is_sound) return damaged("studies", "a state or reason is none of ours");
  return p;
}

Result<StoredTrial> read_trial(Query& row) {
  bool is_sound = true;
  StoredTrial stored;
  Trial& t = stored.trial;
  t.number = row.number();
  t.state = read_word<TrialState>(row, is_sound);
  t.origin = read_word<Origin>(row, is_sound);
  stored.params = row.text();
  t.retry_of = row.maybe_number();
  t.attempts = row.number();
  t.value = row.maybe_real();
  auto metrics = metrics_from_json(row.text());
  if (!metrics) return metrics.error();
  t.metrics = *std::move(metrics);
  t.failure = read_failure(row, is_sound);
  t.message = row.text();
  t.history_seq = row.integer();
  t.created_ns = row.integer();
  t.started_ns = row.integer();
  t.ended_ns = row.integer();
  t.suggestion = read_suggestion(row);
  t.lease.worker = row.text();
  t.lease.fence = row.integer();
  t.resumes = row.number();
  if (!is_sound) return damaged("trials", "a state, origin or failure is none of ours");
  return stored;
}

namespace {

// What the rows of attempts and of worker jobs have alike.
Result<void> read_devices(Query& row, Attempt& attempt) {
  auto devices = devices_from_json(row.text());
  if (!devices) return devices.error();
  attempt.devices = *std::move(devices);
  return {};
}

Result<void> read_end(Query& row, Attempt& attempt) {
  auto outcome = outcome_from_row(row.text());
  if (!outcome) return outcome.error();
  attempt.outcome = *std::move(outcome);
  attempt.message = row.text();
  attempt.submitting_ns = row.integer();
  attempt.submitted_ns = row.integer();
  return {};
}

}  // namespace

Result<Attempt> read_attempt(Query& row) {
  bool is_sound = true;
  Attempt a;
  a.trial = row.number();
  a.number = row.number();
  a.state = read_word<AttemptState>(row, is_sound);
  a.job = row.text();
  a.native_id = row.text();
  a.slot = row.number();
  if (auto read = read_devices(row, a); !read) return read.error();
  if (const auto time_s = row.maybe_integer()) a.asked.time = std::chrono::seconds(*time_s);
  a.asked.memory_bytes = row.maybe_integer();
  a.cancelling = row.integer() != 0;
  if (auto read = read_end(row, a); !read) return read.error();
  a.fence = row.integer();
  a.decision.verdict = read_word<Verdict>(row, is_sound);
  a.decision.rung = row.number();
  a.decision.reason = row.text();
  if (!is_sound) return damaged("attempts", "a state or verdict is none of ours");
  return a;
}

Result<WorkerJob> read_worker(Query& row) {
  bool is_sound = true;
  WorkerJob worker;
  Attempt& a = worker.attempt;
  a.number = row.number();
  worker.name = row.text();
  worker.has_asked = row.integer() != 0;
  a.state = read_word<AttemptState>(row, is_sound);
  a.job = row.text();
  a.native_id = row.text();
  if (auto read = read_devices(row, a); !read) return read.error();
  if (auto read = read_end(row, a); !read) return read.error();
  if (!is_sound) return damaged("workers", "a state is none of ours");
  return worker;
}

}  // namespace hpo::store
