// Checkpoints: from the WAL into the file. The writer's alone, for two connections that
// checkpoint at once are how SQLite before 3.51.3 could lose pages.
#include "daemon/store/sqlite_store.hpp"

namespace hpo::store {
namespace {

constexpr int replies_dropped_max = 512;  // per checkpoint, so that none is long

}  // namespace

// Readers hold a checkpoint back (BUSY): not an error, the next one gets further.
Result<void> SqliteStore::copy_wal(int mode) {
  int pages = 0;
  int pages_copied = 0;
  const int rc = sqlite3_wal_checkpoint_v2(db_.handle(), nullptr, mode, &pages, &pages_copied);
  if (rc != SQLITE_OK && rc != SQLITE_BUSY) return noted(Result<void>(db_.error(rc)));
  // All is copied: the WAL starts again at the next write, which tells its new length.
  if (rc == SQLITE_OK && pages == pages_copied) wal_bytes_ = 0;
  return {};
}

// A commit of its own, and so also the proof that the file is still ours to checkpoint.
Result<void> SqliteStore::drop_old_rows() {
  if (auto begun = begin(); !begun) return begun;
  auto dropped = noted(db_.run(
      "DELETE FROM idempotency WHERE rowid IN (SELECT rowid FROM idempotency ORDER BY rowid "
      "LIMIT ?) AND at_ns < (unixepoch() - ? * 86400) * 1000000000",
      replies_dropped_max, replies_kept_days));
  if (dropped) {
    dropped = noted(db_.run("DELETE FROM tokens WHERE expires_ns < (unixepoch() - ? * 86400) * "
                            "1000000000", replies_kept_days));
  }
  if (dropped) return commit();
  rollback();
  return dropped;
}

Result<void> SqliteStore::checkpoint(bool is_last) {
  if (auto usable = check_usable(); !usable) return usable;
  if (!is_last && wal_bytes_ <= options_.wal_bytes_before_checkpoint) return {};
  if (auto dropped = drop_old_rows(); !dropped) return dropped;
  const bool cuts = is_last || wal_bytes_ > options_.wal_bytes_before_truncate;
  return copy_wal(cuts ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE);
}

}  // namespace hpo::store
