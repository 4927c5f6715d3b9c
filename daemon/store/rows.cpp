// Values -> rows. Few statements, each compiled once: this is the hot path of every commit.
#include "daemon/store/rows.hpp"

#include "schema/codec/codec.hpp"
#include "schema/json/writer.hpp"

namespace hpo::store {
namespace {

std::optional<std::string_view> maybe_word(const std::optional<FailureClass>& failure) {
  if (!failure) return std::nullopt;
  return word(*failure);
}

// NULL keeps an open trial out of the index by history_seq.
std::optional<std::int64_t> order_of(const Trial& trial) {
  if (!is_finished(trial.state)) return std::nullopt;
  return trial.history_seq;
}

template <class T>
std::string json_text(const T& value) {
  json::Writer writer;
  writer.value(value);
  return std::move(writer).text();
}

Result<void> one_row(const Database& database, Result<void> ran, std::string_view table) {
  if (ran && database.changes() != 1) return damaged(table, "the row to be changed is not there");
  return ran;
}

}  // namespace

Result<void> insert_study(Database& database, const NewStudy& study, const engine::Progress& p) {
  auto ran = database.run(
      "INSERT INTO studies(name, content_hash, executor, " HPO_PROGRESS_COLUMNS ") "
      "VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
      study.name, study.content_hash, study.executor, word(p.state), word(p.reason), p.detail,
      p.exhausted, p.created, p.completed, p.pruned, p.infeasible, p.failed, p.cancelled,
      p.trials_more, p.failures_forgiven, p.attempts, p.failures_alike, p.failure_signature,
      p.best_trial, p.best_value, p.finished_since_best, p.spent_ns, p.spent_node_ms, p.created_ns,
      p.started_ns, p.ended_ns, p.recommended_trial, p.recommended_value, p.recommended_at,
      p.stand_ins, p.workers, p.workers_in_vain, p.worker_end);
  if (!ran) return ran;
  return database.run("INSERT INTO specs VALUES(?, ?)", database.last_row(), study.spec);
}

Result<void> update_study(Database& database, std::int64_t study, const engine::Progress& p) {
  return one_row(
      database,
      database.run(
          "UPDATE studies SET (" HPO_PROGRESS_COLUMNS ") = "
          "(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) WHERE id = ?",
          word(p.state), word(p.reason), p.detail, p.exhausted, p.created, p.completed, p.pruned,
          p.infeasible, p.failed, p.cancelled, p.trials_more, p.failures_forgiven, p.attempts,
          p.failures_alike, p.failure_signature, p.best_trial, p.best_value,
          p.finished_since_best, p.spent_ns, p.spent_node_ms, p.created_ns, p.started_ns,
          p.ended_ns, p.recommended_trial, p.recommended_value, p.recommended_at, p.stand_ins,
          p.workers, p.workers_in_vain, p.worker_end, study),
      "studies");
}

Result<void> insert_trial(Database& database, std::int64_t study, const SearchSpace& space,
                          const Trial& t) {
  const Suggestion& s = t.suggestion;
  return database.run(
      "INSERT INTO trials(study, " HPO_TRIAL_COLUMNS ") "
      "VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
      study, t.number, word(t.state), word(t.origin), params_to_json(space, t.values), t.retry_of,
      t.attempts, t.value, json_text(t.metrics), maybe_word(t.failure), t.message, order_of(t),
      t.created_ns, t.started_ns, t.ended_ns, s.strategy, s.version, s.build, s.history_seq,
      s.model_seq, s.first_number, s.count, s.instead_of, s.deadline_ms,
      t.lease.worker, t.lease.fence, t.resumes);
}

Result<void> update_trial(Database& database, std::int64_t study, const Trial& t) {
  return one_row(
      database,
      database.run(
          "UPDATE trials SET state = ?, attempts = ?, value = ?, metrics = ?, failure = ?, "
          "message = ?, history_seq = ?, started_ns = ?, ended_ns = ?, worker = ?, fence = ?, "
          "resumes = ? WHERE study = ? AND number = ?",
          word(t.state), t.attempts, t.value, json_text(t.metrics), maybe_word(t.failure),
          t.message, order_of(t), t.started_ns, t.ended_ns, t.lease.worker, t.lease.fence,
          t.resumes, study, t.number),
      "trials");
}

Result<void> put_attempt(Database& database, std::int64_t study, const Attempt& a) {
  std::optional<std::string> outcome{};
  if (a.outcome != Outcome{}) outcome = outcome_to_json(a.outcome);
  std::optional<std::int64_t> time_s{};
  if (a.asked.time) time_s = a.asked.time->count();
  return database.run(
      "INSERT INTO attempts(study, " HPO_ATTEMPT_COLUMNS("") ") "
      "VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) "
      "ON CONFLICT(study, trial, number) DO UPDATE SET "
      "state = excluded.state, job = excluded.job, native_id = excluded.native_id, "
      "slot = excluded.slot, devices = excluded.devices, cancelling = excluded.cancelling, "
      "outcome = excluded.outcome, message = excluded.message, "
      "submitting_ns = excluded.submitting_ns, submitted_ns = excluded.submitted_ns, "
      "verdict = excluded.verdict, rung = excluded.rung, reason = excluded.reason",
      study, a.trial, a.number, word(a.state), a.job, a.native_id, a.slot, json_text(a.devices),
      time_s, a.asked.memory_bytes, a.cancelling, outcome, a.message, a.submitting_ns,
      a.submitted_ns, a.fence, word(a.decision.verdict), a.decision.rung, a.decision.reason);
}

Result<void> put_submission(Database& database, std::int64_t study, const Attempt& a) {
  const AttemptState state = a.state == AttemptState::running ? AttemptState::submitted : a.state;
  return database.run(
      "INSERT INTO submissions(name, study, trial, attempt, native_id, state) "
      "VALUES(?,?,?,?,?,?) ON CONFLICT(name) DO UPDATE SET "
      "native_id = excluded.native_id, state = excluded.state",
      a.job, study, a.trial, a.number, a.native_id, word(state));
}

Result<void> put_worker(Database& database, std::int64_t study, const WorkerJob& w) {
  const Attempt& a = w.attempt;
  std::optional<std::string> outcome{};
  if (a.outcome != Outcome{}) outcome = outcome_to_json(a.outcome);
  return database.run(
      "INSERT INTO workers(study, " HPO_WORKER_COLUMNS ") VALUES(?,?,?,?,?,?,?,?,?,?,?,?) "
      "ON CONFLICT(study, number) DO UPDATE SET asked = excluded.asked, state = excluded.state, "
      "job = excluded.job, native_id = excluded.native_id, devices = excluded.devices, "
      "outcome = excluded.outcome, message = excluded.message, "
      "submitting_ns = excluded.submitting_ns, submitted_ns = excluded.submitted_ns",
      study, a.number, w.name, w.has_asked, word(a.state), a.job, a.native_id,
      json_text(a.devices), outcome, a.message, a.submitting_ns, a.submitted_ns);
}

Result<void> put_worker_submission(Database& database, std::int64_t study, const WorkerJob& w) {
  return database.run("INSERT INTO worker_submissions(name, study, worker) VALUES(?,?,?)",
                      w.attempt.job, study, w.attempt.number);
}

// The trial of an event that its history tells.
std::optional<int> trial_in_doubt(const Event& event) {
  if (const auto* e = std::get_if<AttemptUnknown>(&event.body)) return e->trial;
  if (const auto* e = std::get_if<AttemptAbsent>(&event.body)) return e->trial;
  if (const auto* e = std::get_if<AttemptIncident>(&event.body)) return e->trial;
  return std::nullopt;
}

Result<std::int64_t> insert_event(Database& database, std::int64_t study,
                                  const SearchSpace& space, const Event& event) {
  auto ran = database.run(
      "INSERT INTO events(at_ns, elapsed_ns, history_seq, study, kind, data) VALUES(?,?,?,?,?,?)",
      event.at_ns, event.elapsed_ns, event.history_seq, study, event_kinds[event.body.index()],
      event_to_json(event, space));
  if (!ran) return ran.error();
  const std::int64_t seq = database.last_row();
  if (const auto trial = trial_in_doubt(event)) {
    ran = database.run("INSERT INTO doubts(study, trial, event) VALUES(?,?,?)", study, *trial, seq);
    if (!ran) return ran.error();
  }
  return seq;
}

}  // namespace hpo::store
