// Rows <-> values: the one place that knows the columns of studies, trials and attempts.
//
// The lists are macros, because SQL texts are literals put together by the compiler.
#pragma once

#include "daemon/engine/study.hpp"
#include "daemon/store/sqlite.hpp"
#include "schema/search_space.hpp"

#define HPO_PROGRESS_COLUMNS                                                                  \
  "state, reason, detail, exhausted, created, completed, pruned, infeasible, failed, "        \
  "cancelled, trials_more, failures_forgiven, attempts, failures_alike, failure_signature, "  \
  "best_trial, best_value, finished_since_best, spent_ns, spent_node_ms, created_ns, "         \
  "started_ns, ended_ns, recommended_trial, recommended_value, recommended_at, stand_ins, "    \
  "workers, workers_in_vain, worker_end"

#define HPO_TRIAL_COLUMNS                                                                     \
  "number, state, origin, params, retry_of, attempts, value, metrics, failure, message, "     \
  "history_seq, created_ns, started_ns, ended_ns, strategy, strategy_version, "               \
  "strategy_build, asked_history_seq, asked_model_seq, asked_first_number, asked_count, "   \
  "asked_instead_of, asked_deadline_ms, worker, fence, resumes"

#define HPO_ATTEMPT_COLUMNS(a)                                                                \
  a "trial, " a "number, " a "state, " a "job, " a "native_id, " a "slot, " a "devices, "     \
  a "time_s, " a "memory_bytes, " a "cancelling, " a "outcome, " a "message, "                \
  a "submitting_ns, " a "submitted_ns, " a "fence, " a "verdict, " a "rung, " a "reason"

#define HPO_WORKER_COLUMNS                                                                    \
  "number, name, asked, state, job, native_id, devices, outcome, message, submitting_ns, "     \
  "submitted_ns"

#define HPO_OPEN_STATES "('waiting', 'running', 'paused')"
// Word for word as in the index of that name, or the index is not used.
#define HPO_IS_UNFINISHED "state = 'running' OR state = 'paused' OR state = 'cancelling'"
#define HPO_IS_WORKER_THERE                                                                  \
  "state = 'submitting' OR state = 'unknown' OR state = 'absent' OR state = 'submitted' OR "  \
  "state = 'running'"
#define HPO_IS_LIVE                                                                          \
  "(state = 'submitting' OR state = 'unknown' OR state = 'submitted' OR state = 'queued' OR " \
  "state = 'running')"

namespace hpo::store {

struct NewStudy {
  std::string_view name{};
  std::string_view content_hash{};
  std::string_view executor{};
  std::string_view spec{};
};

Result<void> insert_study(Database& database, const NewStudy& study, const engine::Progress& p);
Result<void> update_study(Database& database, std::int64_t study, const engine::Progress& p);
Result<void> insert_trial(Database& database, std::int64_t study, const SearchSpace& space,
                          const Trial& trial);
// All but number, params, origin and suggestion, which never change.
Result<void> update_trial(Database& database, std::int64_t study, const Trial& trial);
Result<void> put_attempt(Database& database, std::int64_t study, const Attempt& attempt);
// Of events up to the executor's answer; after it the attempt alone changes.
Result<void> put_submission(Database& database, std::int64_t study, const Attempt& attempt);
Result<void> put_worker(Database& database, std::int64_t study, const WorkerJob& worker);
Result<void> put_worker_submission(Database& database, std::int64_t study,
                                   const WorkerJob& worker);
Result<std::int64_t> insert_event(Database& database, std::int64_t study,
                                  const SearchSpace& space, const Event& event);

// Each reads its columns, in the list's order, from the query's row. Error: corrupt.
Result<engine::Progress> read_progress(Query& row);
struct StoredTrial {
  Trial trial{};         // without values
  std::string params{};  // the JSON text
};
Result<StoredTrial> read_trial(Query& row);
Result<Attempt> read_attempt(Query& row);
// NaN: it was no finite number.
Result<std::map<std::string, double>> metrics_from_json(std::string_view text);
Result<WorkerJob> read_worker(Query& row);

Error damaged(std::string_view table, std::string_view what);

// A word of the database; an unknown one clears `is_sound`.
template <class E>
E read_word(Query& row, bool& is_sound) {
  const std::optional<E> value = from_word<E>(row.text());
  is_sound = is_sound && value.has_value();
  return value.value_or(E{});
}

}  // namespace hpo::store
