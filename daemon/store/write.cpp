// What a command writes: its event, and the rows as they are after it.
#include "daemon/store/rows.hpp"
#include "daemon/store/sqlite_store.hpp"
#include "schema/codec/codec.hpp"

namespace hpo::store {
namespace {

template <class... Body>
bool is_any(const Event& event) {
  return (std::holds_alternative<Body>(event.body) || ...);
}

bool is_of_submission(const Event& event) {
  return is_any<AttemptSubmitting, AttemptSubmitted, AttemptRejected, AttemptUnknown,
                AttemptAbsent>(event);
}

}  // namespace

Result<std::int64_t> SqliteStore::create_study(const StudySpec& spec,
                                               std::string_view content_hash,
                                               const Event& event) {
  if (auto open = check_transaction(); !open) return open.error();
  engine::Study study{.spec = std::make_shared<const StudySpec>(spec)};
  if (auto made = engine::apply(study, event); !made) return made.error();
  const std::string text = study_to_json(spec);
  auto written = noted(insert_study(
      db_, {.name = spec.name, .content_hash = content_hash, .executor = spec.executor.type,
            .spec = text}, study.progress));
  if (!written) return written.error();
  const std::int64_t id = db_.last_row();
  auto seq = noted(insert_event(db_, id, spec.space, event));
  if (!seq) return seq;
  pending_.event_seq = *seq;
  return id;
}

Result<void> SqliteStore::write_rows(const engine::Study& study, const engine::Changes& changes,
                                     const Event& event) {
  Result<void> done;
  if (changes.trial) {
    done = is_any<TrialCreated>(event)
               ? insert_trial(db_, study.id, study.spec->space, *changes.trial)
               : update_trial(db_, study.id, *changes.trial);
  }
  if (done && changes.attempt) done = put_attempt(db_, study.id, *changes.attempt);
  if (done && changes.attempt && is_of_submission(event)) {
    done = put_submission(db_, study.id, *changes.attempt);
  }
  if (done && changes.worker) done = put_worker(db_, study.id, *changes.worker);
  if (done && is_any<WorkerSubmitting>(event)) {
    done = put_worker_submission(db_, study.id, *changes.worker);
  }
  return done;
}

Result<std::int64_t> SqliteStore::write(const engine::Study& study,
                                        const engine::Changes& changes, const Event& event) {
  if (auto open = check_transaction(); !open) return open.error();
  if (auto rows = noted(write_rows(study, changes, event)); !rows) return rows.error();
  auto seq = noted(insert_event(db_, study.id, study.spec->space, event));
  if (!seq) return seq;
  pending_.event_seq = *seq;
  pending_.of_command.insert_or_assign(study.id, study.progress);
  if (changes.trial && changes.trial->history_seq > pending_.history_seq) {
    pending_.history_seq = changes.trial->history_seq;
  }
  return seq;
}

Result<void> SqliteStore::keep_absence(std::string_view job, std::chrono::nanoseconds absent) {
  if (auto open = check_transaction(); !open) return open;
  return noted(db_.run("INSERT INTO absences(name, absent_ns) VALUES(?,?) "
                       "ON CONFLICT DO UPDATE SET absent_ns = excluded.absent_ns",
                       job, static_cast<std::int64_t>(absent.count())));
}

Result<void> SqliteStore::remember(std::string_view key, std::string_view route,
                                   const StoredReply& reply) {
  if (auto open = check_transaction(); !open) return open;
  return noted(db_.run("INSERT INTO idempotency(key, route, body_hash, created, body, at_ns) "
                       "VALUES(?,?,?,?,?, unixepoch() * 1000000000)",
                       key, route, reply.body_hash, reply.created, reply.body));
}

}  // namespace hpo::store
