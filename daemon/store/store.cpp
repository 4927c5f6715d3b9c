// Transactions: one for a batch of commands, a savepoint for each, nothing acknowledged before
// commit() says so. Engine strand.
#include "daemon/store/rows.hpp"
#include "daemon/store/sqlite_store.hpp"
#include "schema/assert.hpp"

namespace hpo::store {

void SqliteStore::note(const Error& error) {
  if (error.code == ErrorCode::outcome_unknown && !broken_) broken_ = error;
  if (!db_.in_transaction() && !aborted_) aborted_ = error;
}

Result<void> SqliteStore::check_usable() const {
  if (broken_) return *broken_;
  return {};
}

Result<void> SqliteStore::check_transaction() const {
  if (broken_) return *broken_;
  if (db_.in_transaction()) return {};
  if (aborted_) return *aborted_;
  return Error{ErrorCode::internal, "a write outside a transaction", db_.path(),
               "this is a bug of hpo: begin() comes first"};
}

const engine::Progress* SqliteStore::pending(std::int64_t study) const {
  const auto newer = pending_.of_command.find(study);
  if (newer != pending_.of_command.end()) return &newer->second;
  const auto older = pending_.studies.find(study);
  return older != pending_.studies.end() ? &older->second : nullptr;
}

void SqliteStore::keep_command() {
  for (auto& [study, progress] : pending_.of_command) {
    pending_.studies.insert_or_assign(study, std::move(progress));
  }
  pending_.of_command.clear();
}

void SqliteStore::forget_command() {
  pending_.of_command.clear();
  pending_.history_seq = pending_.history_seq_before_command;
  pending_.event_seq = pending_.event_seq_before_command;
}

void SqliteStore::forget_batch() {
  pending_.of_command.clear();
  pending_.studies.clear();
  pending_.history_seq = pending_.history_seq_before_batch;
  pending_.event_seq = event_seq_;
}

Result<void> SqliteStore::begin() {
  if (auto usable = check_usable(); !usable) return usable;
  HPO_ASSERT(!db_.in_transaction(), "transactions are not nested; savepoint() is within one");
  aborted_.reset();
  forget_batch();
  return noted(db_.run("BEGIN IMMEDIATE"));
}

Result<void> SqliteStore::savepoint() {
  if (auto open = check_transaction(); !open) return open;
  keep_command();  // what was written before the first savepoint
  pending_.history_seq_before_command = pending_.history_seq;
  pending_.event_seq_before_command = pending_.event_seq;
  return noted(db_.run("SAVEPOINT command"));
}

Result<void> SqliteStore::release() {
  if (auto open = check_transaction(); !open) return open;
  if (auto released = noted(db_.run("RELEASE command")); !released) return released;
  keep_command();
  return {};
}

Result<void> SqliteStore::undo() {
  if (auto open = check_transaction(); !open) {
    forget_batch();
    return open;
  }
  if (auto undone = noted(db_.run("ROLLBACK TO command")); !undone) return undone;
  forget_command();
  return noted(db_.run("RELEASE command"));
}

Result<void> SqliteStore::commit() {
  auto done = check_transaction();
  if (done) done = noted(write_pending_rows());
  if (done) done = noted(confirm_epoch());
  if (done) done = noted(db_.run("COMMIT"));
  if (!done) {
    rollback();
    return done;
  }
  pending_.history_seq_before_batch = pending_.history_seq;
  event_seq_ = pending_.event_seq;
  pending_.studies.clear();
  pending_.of_command.clear();
  return {};
}

void SqliteStore::rollback() {
  if (db_.in_transaction()) (void)noted(db_.run("ROLLBACK"));
  forget_batch();
}

Result<void> SqliteStore::write_pending_rows() {
  for (const auto* rows : {&pending_.studies, &pending_.of_command}) {
    for (const auto& [study, progress] : *rows) {
      if (auto written = update_study(db_, study, progress); !written) return written;
    }
  }
  return {};
}

// In the same transaction as the rows, so that nobody else can take the file over in between. The
// counter is written only when it has grown: a page of WAL less in every other commit.
Result<void> SqliteStore::confirm_epoch() {
  if (pending_.history_seq != pending_.history_seq_before_batch) {
    auto kept = db_.run("UPDATE meta SET history_seq = ?", pending_.history_seq);
    if (!kept) return kept;
  }
  Query meta(db_, "SELECT daemon_epoch FROM meta");
  const auto row = meta.next();
  if (!row) return row.error();
  if (*row && meta.integer() == epoch_) return {};
  return Error{ErrorCode::outcome_unknown, "another daemon has taken this database over",
               db_.path(), "end this daemon; 'hpo daemon status' names the other one"};
}

}  // namespace hpo::store
