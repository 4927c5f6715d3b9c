// What a start reads: unfinished studies with their open trials, never the finished ones.
#include "daemon/store/rows.hpp"
#include "daemon/store/settings.hpp"
#include "daemon/store/sqlite_store.hpp"
#include "schema/codec/codec.hpp"
#include "schema/decode/decode.hpp"

namespace hpo::store {
namespace {

Error no_study(std::int64_t study) {
  return {ErrorCode::not_found, "there is no study with id " + std::to_string(study), "hpo.db",
          "this is a bug of hpo: report it with the daemon's log"};
}

Result<std::shared_ptr<const StudySpec>> decode_stored(std::string_view text,
                                                       std::int64_t study) {
  DecodedStudy decoded = decode_study(text, {.comments = false, .bytes_max = value_bytes_max});
  if (decoded.spec) return std::make_shared<const StudySpec>(*std::move(decoded.spec));
  const std::string what = decoded.problems.empty() ? "it does not decode"
                                                    : decoded.problems.front().message;
  return damaged("specs", "study " + std::to_string(study) + ": " + what);
}

// The values of all rows of a one-column query.
template <class T, class Read>
Result<std::vector<T>> column(Query& query, Read read) {
  std::vector<T> values;
  auto row = query.next();
  for (; row && *row; row = query.next()) values.push_back(read(query));
  if (!row) return row.error();
  return values;
}

}  // namespace

Result<std::shared_ptr<const StudySpec>> SqliteStore::spec_of(std::int64_t study) {
  if (spec_ && spec_study_ == study) return spec_;
  Query query(db_, "SELECT spec FROM specs WHERE study = ?", study);
  const auto row = query.next();
  if (!row) return row.error();
  if (!*row) return no_study(study);
  auto decoded = decode_stored(query.text(), study);
  if (!decoded) return decoded;
  spec_study_ = study;
  spec_ = *std::move(decoded);
  return spec_;
}

Result<void> SqliteStore::load_open_trials(engine::Study& study) {
  Query query(db_, "SELECT " HPO_TRIAL_COLUMNS " FROM trials WHERE study = ? AND state IN "
                   HPO_OPEN_STATES, study.id);
  auto row = query.next();
  for (; row && *row; row = query.next()) {
    auto stored = read_trial(query);
    if (!stored) return stored.error();
    auto values = params_from_json(study.spec->space, stored->params);
    if (!values) return values.error();
    stored->trial.values = *std::move(values);
    study.open[stored->trial.number].trial = std::move(stored->trial);
  }
  if (!row) return row.error();
  return {};
}

// CROSS JOIN: the few open trials first, whatever the planner would think.
Result<void> SqliteStore::load_attempts(engine::Study& study) {
  Query query(db_, "SELECT " HPO_ATTEMPT_COLUMNS("a.") " FROM trials t CROSS JOIN attempts a "
                   "ON a.study = t.study AND a.trial = t.number WHERE t.study = ? "
                   "AND t.state IN " HPO_OPEN_STATES " ORDER BY a.trial, a.number", study.id);
  auto row = query.next();
  for (; row && *row; row = query.next()) {
    auto attempt = read_attempt(query);
    if (!attempt) return attempt.error();
    engine::LiveTrial& live = study.open[attempt->trial];
    const bool was_lost =
        attempt->state == AttemptState::lost || attempt->state == AttemptState::late;
    if (was_lost) live.lost.push_back(*attempt);
    live.attempt = *std::move(attempt);
  }
  if (!row) return row.error();
  return {};
}

Result<void> SqliteStore::load_workers(engine::Study& study) {
  if (!study.spec->has_worker_jobs()) return {};
  Query query(db_, "SELECT " HPO_WORKER_COLUMNS " FROM workers WHERE study = ? AND ("
                   HPO_IS_WORKER_THERE ")", study.id);
  auto row = query.next();
  for (; row && *row; row = query.next()) {
    auto worker = read_worker(query);
    if (!worker) return worker.error();
    study.workers[worker->attempt.number] = *std::move(worker);
  }
  if (!row) return row.error();
  return {};
}

Result<engine::Study> SqliteStore::load(std::int64_t id) {
  if (auto usable = check_usable(); !usable) return usable.error();
  engine::Study study{.id = id};
  auto spec = noted(spec_of(id));
  if (!spec) return spec.error();
  study.spec = *std::move(spec);
  {
    Query query(db_, "SELECT " HPO_PROGRESS_COLUMNS " FROM studies WHERE id = ?", id);
    const auto row = noted(query.next());
    if (!row) return row.error();
    if (!*row) return no_study(id);
    auto progress = read_progress(query);
    if (!progress) return progress.error();
    study.progress = pending(id) ? *pending(id) : *std::move(progress);
  }
  auto loaded = noted(load_open_trials(study));
  if (loaded) loaded = noted(load_attempts(study));
  if (loaded) loaded = noted(load_workers(study));
  if (!loaded) return loaded.error();
  engine::index(study);
  return study;
}

Result<std::vector<engine::Study>> SqliteStore::load_unfinished() {
  if (auto usable = check_usable(); !usable) return usable.error();
  Query query(db_, "SELECT id FROM studies WHERE " HPO_IS_UNFINISHED " ORDER BY id");
  const auto ids = noted(column<std::int64_t>(query, [](Query& q) { return q.integer(); }));
  if (!ids) return ids.error();
  std::vector<engine::Study> studies;
  for (const std::int64_t id : *ids) {
    auto study = load(id);
    if (!study) return study.error();
    studies.push_back(*std::move(study));
  }
  return studies;
}

Result<Trial> SqliteStore::load_trial(std::int64_t study, int number) {
  if (auto usable = check_usable(); !usable) return usable.error();
  const auto spec = noted(spec_of(study));
  if (!spec) return spec.error();
  Query query(db_, "SELECT " HPO_TRIAL_COLUMNS " FROM trials WHERE study = ? AND number = ?",
              study, number);
  const auto row = noted(query.next());
  if (!row) return row.error();
  if (!*row) {
    return Error{ErrorCode::not_found, "there is no trial " + std::to_string(number),
                 "study " + (*spec)->name, "list the trials: hpo trials " + (*spec)->name};
  }
  auto stored = read_trial(query);
  if (!stored) return stored.error();
  auto values = params_from_json((*spec)->space, stored->params);
  if (!values) return values.error();
  stored->trial.values = *std::move(values);
  return std::move(stored->trial);
}

Result<std::vector<int>> SqliteStore::failed_trials(std::int64_t study) {
  if (auto usable = check_usable(); !usable) return usable.error();
  Query query(db_, "SELECT number FROM trials t WHERE study = ? AND state = 'failed' "
                   "AND NOT EXISTS (SELECT 1 FROM trials later WHERE later.study = t.study "
                   "AND later.retry_of = t.number) ORDER BY number", study);
  return noted(column<int>(query, [](Query& q) { return q.number(); }));
}

Result<std::vector<std::string>> SqliteStore::jobs_of(std::int64_t study, int trial) {
  if (auto usable = check_usable(); !usable) return usable.error();
  Query query(db_, "SELECT name FROM submissions WHERE study = ? AND trial = ? ORDER BY rowid",
              study, trial);
  return noted(column<std::string>(query, [](Query& q) { return std::string(q.text()); }));
}

Result<std::vector<std::string>> SqliteStore::jobs_of_worker(std::int64_t study, int worker) {
  if (auto usable = check_usable(); !usable) return usable.error();
  Query query(db_, "SELECT name FROM worker_submissions WHERE study = ? AND worker = ? "
                   "ORDER BY rowid", study, worker);
  return noted(column<std::string>(query, [](Query& q) { return std::string(q.text()); }));
}

Result<std::optional<Attempt>> SqliteStore::find_lease(std::int64_t study, int trial,
                                                       std::int64_t fence) {
  if (auto usable = check_usable(); !usable) return usable.error();
  Query query(db_, "SELECT " HPO_ATTEMPT_COLUMNS("") " FROM attempts WHERE study = ? "
                   "AND trial = ? AND fence = ?", study, trial, fence);
  const auto row = noted(query.next());
  if (!row) return row.error();
  if (!*row) return std::optional<Attempt>{};
  auto attempt = read_attempt(query);
  if (!attempt) return attempt.error();
  return std::optional(*std::move(attempt));
}

Result<std::optional<SubmissionOf>> SqliteStore::find_submission(std::string_view job) {
  if (auto usable = check_usable(); !usable) return usable.error();
  Query query(db_, "SELECT study, trial, attempt FROM submissions WHERE name = ?", job);
  const auto row = noted(query.next());
  if (!row) return row.error();
  if (!*row) return std::optional<SubmissionOf>{};
  SubmissionOf found{.study = query.integer()};
  found.trial = query.number();
  found.attempt = query.number();
  return std::optional(found);
}

Result<std::chrono::nanoseconds> SqliteStore::absence_of(std::string_view job) {
  if (auto usable = check_usable(); !usable) return usable.error();
  Query query(db_, "SELECT absent_ns FROM absences WHERE name = ?", job);
  const auto row = noted(query.next());
  if (!row) return row.error();
  return std::chrono::nanoseconds(*row ? query.integer() : 0);
}

Result<bool> SqliteStore::has_submitted_to(std::string_view executor) {
  if (auto usable = check_usable(); !usable) return usable.error();
  Query query(db_, "SELECT 1 FROM studies WHERE executor = ? AND (attempts > 0 OR workers > 0) "
                   "LIMIT 1", executor);
  return noted(query.next());
}

Result<std::optional<NamedStudy>> SqliteStore::find_study(std::string_view name) {
  if (auto usable = check_usable(); !usable) return usable.error();
  Query query(db_, "SELECT id, content_hash, state FROM studies WHERE name = ?", name);
  const auto row = noted(query.next());
  if (!row) return row.error();
  if (!*row) return std::optional<NamedStudy>{};
  NamedStudy study{.id = query.integer(), .content_hash = std::string(query.text())};
  bool is_sound = true;
  study.state = read_word<StudyState>(query, is_sound);
  if (!is_sound) return damaged("studies", "a state is none of ours");
  if (const engine::Progress* newer = pending(study.id)) study.state = newer->state;
  return std::optional<NamedStudy>(std::move(study));
}

Result<std::optional<StoredReply>> SqliteStore::recall(std::string_view key,
                                                       std::string_view route) {
  if (auto usable = check_usable(); !usable) return usable.error();
  Query query(db_, "SELECT body_hash, created, body FROM idempotency "
                   "WHERE key = ? AND route = ?", key, route);
  const auto row = noted(query.next());
  if (!row) return row.error();
  if (!*row) return std::optional<StoredReply>{};
  StoredReply reply{.body_hash = std::string(query.text())};
  reply.created = query.integer() != 0;
  reply.body = query.text();
  return std::optional<StoredReply>(std::move(reply));
}

}  // namespace hpo::store
