// Studies, single trials, attempts and events for REST. Every query goes by an index.
#include "daemon/store/reader.hpp"

#include <algorithm>
#include <cmath>

#include "daemon/store/rows.hpp"
#include "daemon/store/settings.hpp"
#include "daemon/store/sqlite_reader.hpp"
#include "schema/decode/decode.hpp"

// Counters are columns; of running trials there are few, so counting them by index is cheap.
#define HPO_SELECT_STUDY                                                                        \
  "SELECT " HPO_PROGRESS_COLUMNS ", id, name, "                                                 \
  "(SELECT spec FROM specs WHERE study = id), "                                                 \
  "(SELECT count(*) FROM trials WHERE trials.study = id AND trials.state = 'running'), "        \
  "(SELECT count(*) FROM trials WHERE trials.study = id AND trials.state = 'paused'), "         \
  "(SELECT count(*) FROM attempts WHERE attempts.study = studies.id AND " HPO_IS_LIVE           \
  " AND state = 'running'), "                                                                   \
  "max(ifnull((SELECT max(history_seq) FROM trials "                                            \
  " WHERE trials.study = id AND history_seq IS NOT NULL), 0), "                                  \
  " ifnull((SELECT max(seq) FROM reports WHERE reports.study = id), 0)), "                       \
  "(SELECT params FROM trials WHERE trials.study = id AND number = best_trial), "               \
  "(SELECT group_concat(DISTINCT strategy) FROM trials WHERE trials.study = id "                \
  " AND number < 16 AND strategy != ''), "                                                       \
  "(SELECT params FROM trials WHERE trials.study = id AND number = recommended_trial), "         \
  "(SELECT group_concat(state, ' ') FROM workers WHERE workers.study = studies.id) "             \
  "FROM studies "

#define HPO_SELECT_EVENTS \
  "SELECT seq, at_ns, (SELECT name FROM studies WHERE id = study), kind, data FROM events "

#define HPO_SELECT_REPORTS \
  "SELECT trial, step, attempt, seq, value, metrics, late, verdict, rung, reason FROM reports "

namespace hpo::store {
namespace {

constexpr int ops_between_looks = 10'000;

int& place_of(WorkerCounts& counts, AttemptState state) {
  if (state == AttemptState::running) return counts.running;
  if (state == AttemptState::succeeded || state == AttemptState::cancelled) return counts.ended;
  return is_live(state) || state == AttemptState::absent ? counts.queued : counts.lost;
}

// Of the states of all, with blanks between.
Result<WorkerCounts> worker_counts(std::string_view states) {
  WorkerCounts counts;
  while (!states.empty()) {
    const std::string_view name = states.substr(0, states.find(' '));
    states.remove_prefix(std::min(name.size() + 1, states.size()));
    const auto state = from_word<AttemptState>(name);
    if (!state) return damaged("workers", "a state is none of ours");
    ++place_of(counts, *state);
  }
  return counts;
}

Result<StudyRow> read_study(Query& row) {
  auto progress = read_progress(row);
  if (!progress) return progress.error();
  StudyRow study{.progress = *std::move(progress)};
  study.id = row.integer();
  study.name = row.text();
  study.spec = row.text();
  study.running = row.number();
  study.paused = row.number();
  study.queued = std::max(study.running - row.number(), 0);
  study.waiting = study.progress.created - study.progress.finished() - study.running -
                  study.paused;
  study.history_seq = row.integer();
  study.best_params = row.text();
  study.strategies = row.text();
  study.recommended_params = row.text();
  const auto workers = worker_counts(row.text());
  if (!workers) return workers.error();
  study.workers = *workers;
  return study;
}

// All rows of a query, each read by `read`, which returns a Result.
template <class T, class Read>
Result<std::vector<T>> all(Query& query, Read read) {
  std::vector<T> values;
  auto row = query.next();
  for (; row && *row; row = query.next()) {
    auto value = read(query);
    if (!value) return value.error();
    values.push_back(*std::move(value));
  }
  if (!row) return row.error();
  return values;
}

Result<EventRow> read_event(Query& row) {
  EventRow event;
  event.seq = row.integer();
  event.at_ns = row.integer();
  event.study = row.text();
  event.kind = row.text();
  event.data = row.text();
  return event;
}

Result<JudgedReport> read_report(Query& row) {
  bool is_sound = true;
  JudgedReport read;
  read.report.trial = row.number();
  read.report.step = row.integer();
  read.report.attempt = row.number();
  read.report.seq = row.integer();
  read.report.value = row.maybe_real().value_or(std::nan(""));
  auto metrics = metrics_from_json(row.text());
  if (!metrics) return metrics.error();
  read.report.metrics = *std::move(metrics);
  read.report.is_late = row.number() != 0;
  if (row.is_null()) return read;
  read.decision.verdict = read_word<Verdict>(row, is_sound);
  read.decision.rung = row.maybe_number().value_or(-1);
  read.decision.reason = row.text();
  return is_sound ? Result<JudgedReport>(std::move(read))
                  : damaged("reports", "a verdict is none of ours");
}

}  // namespace

Result<std::unique_ptr<Reader>> Reader::open(const std::string& path, const std::string& vfs) {
  auto database = Database::open(path, vfs, Database::Access::read);
  if (!database) return database.error();
  auto done = protect(*database, reader_busy_ms);
  if (done) done = set_up_reader(*database);
  if (!done) return done.error();
  auto reader = std::make_unique<SqliteReader>(*std::move(database));
  reader->stop_slow_reads();
  return std::unique_ptr<Reader>(std::move(reader));
}

void SqliteReader::stop_slow_reads() {
  sqlite3_progress_handler(db_.handle(), ops_between_looks, is_too_late, this);
}

int SqliteReader::is_too_late(void* self) {
  const auto* reader = static_cast<const SqliteReader*>(self);
  return std::chrono::steady_clock::now() > reader->deadline_ ? 1 : 0;
}

// An error here shows again in the query that follows.
SqliteReader::Snapshot::Snapshot(SqliteReader& reader) : db_(reader.db_) {
  reader.deadline_ = std::chrono::steady_clock::now() + read_limit;
  (void)db_.run("BEGIN");
}

SqliteReader::Snapshot::~Snapshot() {
  if (db_.in_transaction()) (void)db_.run("COMMIT");
}

Error SqliteReader::no_study(std::string_view name) {
  Query query(db_, "SELECT name FROM studies ORDER BY name LIMIT ?", near_names_max);
  const auto names = all<std::string>(query, [](Query& q) -> Result<std::string> {
    return std::string(q.text());
  });
  if (!names) return names.error();
  const std::vector<std::string_view> known(names->begin(), names->end());
  const std::string_view near = nearest(name, known);
  return {ErrorCode::not_found, "there is no study '" + std::string(name) + "'", "",
          near.empty() ? "list the studies: hpo status" : did_you_mean(near)};
}

Result<std::int64_t> SqliteReader::id_of(std::string_view study) {
  Query query(db_, "SELECT id FROM studies WHERE name = ?", study);
  const auto row = query.next();
  if (!row) return row.error();
  if (!*row) return no_study(study);
  return query.integer();
}

Result<StudyRow> SqliteReader::study(std::string_view name) {
  const Snapshot snapshot(*this);
  Query query(db_, HPO_SELECT_STUDY "WHERE name = ?", name);
  const auto row = query.next();
  if (!row) return row.error();
  if (!*row) return no_study(name);
  return read_study(query);
}

Result<std::vector<StudyRow>> SqliteReader::studies(std::string_view after_name, int limit) {
  const Snapshot snapshot(*this);
  Query query(db_, HPO_SELECT_STUDY "WHERE name > ? ORDER BY name LIMIT ?", after_name, limit);
  return all<StudyRow>(query, read_study);
}

Result<std::vector<Attempt>> SqliteReader::attempts(std::string_view study, int trial) {
  const Snapshot snapshot(*this);
  const auto id = id_of(study);
  if (!id) return id.error();
  Query query(db_, "SELECT " HPO_ATTEMPT_COLUMNS("") " FROM attempts "
                   "WHERE study = ? AND trial = ? ORDER BY number", *id, trial);
  return all<Attempt>(query, read_attempt);
}

Result<std::vector<EventRow>> SqliteReader::doubts(std::string_view study, int trial) {
  const Snapshot snapshot(*this);
  const auto id = id_of(study);
  if (!id) return id.error();
  Query query(db_, HPO_SELECT_EVENTS "WHERE seq IN (SELECT event FROM doubts "
                   "WHERE doubts.study = ? AND trial = ?) ORDER BY seq", *id, trial);
  return all<EventRow>(query, read_event);
}

Result<std::vector<EventRow>> SqliteReader::events(std::int64_t after_seq,
                                                   std::string_view study, int limit) {
  const Snapshot snapshot(*this);
  if (study.empty()) {
    Query query(db_, HPO_SELECT_EVENTS "WHERE seq > ? ORDER BY seq LIMIT ?", after_seq, limit);
    return all<EventRow>(query, read_event);
  }
  const auto id = id_of(study);
  if (!id) return id.error();
  Query query(db_, HPO_SELECT_EVENTS "WHERE study = ? AND seq > ? ORDER BY seq LIMIT ?", *id,
              after_seq, limit);
  return all<EventRow>(query, read_event);
}

Result<std::vector<JudgedReport>> SqliteReader::reports(const ReportQuery& query) {
  const Snapshot snapshot(*this);
  const auto id = id_of(query.study);
  if (!id) return id.error();
  if (query.trial) {
    Query rows(db_, HPO_SELECT_REPORTS "WHERE study = ? AND trial = ? AND step > ? "
                    "ORDER BY step LIMIT ?", *id, *query.trial, query.after, query.limit);
    return all<JudgedReport>(rows, read_report);
  }
  Query rows(db_, HPO_SELECT_REPORTS "WHERE study = ? AND seq > ? ORDER BY seq LIMIT ?", *id,
             query.after, query.limit);
  return all<JudgedReport>(rows, read_report);
}

Result<std::int64_t> SqliteReader::last_event_seq() {
  const Snapshot snapshot(*this);
  Query query(db_, "SELECT coalesce(max(seq), 0) FROM events");
  const auto row = query.next();
  if (!row) return row.error();
  return query.integer();
}

}  // namespace hpo::store
