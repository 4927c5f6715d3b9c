// Opening the store: refuse what is not ours before a byte is written, then claim it.
#include <filesystem>

#include "daemon/store/migrate.hpp"
#include "daemon/store/settings.hpp"
#include "daemon/store/sqlite_store.hpp"

namespace hpo::store {
namespace {

Result<void> check_directory(const std::string& path) {
  const std::filesystem::path directory = std::filesystem::absolute(path).parent_path();
  std::error_code ignored;
  if (std::filesystem::is_directory(directory, ignored)) return {};
  return Error{ErrorCode::unavailable, "the directory of the database does not exist",
               directory.string(), "create it, or correct HPO_STATE_DIR"};
}

Result<Database> open_database(const StoreOptions& options) {
  auto database = Database::open(options.path, options.vfs, Database::Access::write);
  if (!database) return database;
  auto done = protect(*database, 0);
  if (done) done = check_identity(*database);
  if (done) done = set_up_writer(*database, options.survives_power_loss);
  if (!done) return done.error();
  return database;
}

}  // namespace

Result<std::unique_ptr<Store>> Store::open(const StoreOptions& options) {
  if (auto there = check_directory(options.path); !there) return there.error();
  auto database = open_database(options);
  if (!database) return database.error();
  auto store = std::make_unique<SqliteStore>(*std::move(database), options);
  if (auto taken = store->take_over(); !taken) return taken.error();
  return std::unique_ptr<Store>(std::move(store));
}

Result<void> SqliteStore::take_over() {
  sqlite3_wal_hook(db_.handle(), on_commit, this);
  if (auto migrated = migrate(db_); !migrated) return migrated;
  // Locks can lie on a network file system. A daemon that was paused while another took over, and
  // a second store of this process, find a foreign epoch at their next commit and write nothing.
  auto raised = db_.run("UPDATE meta SET daemon_epoch = daemon_epoch + 1");
  if (!raised) return raised;
  return read_meta();
}

Result<void> SqliteStore::read_meta() {
  Query meta(db_,
             "SELECT daemon_epoch, history_seq, installation, "
             "(SELECT coalesce(max(seq), 0) FROM events) FROM meta");
  const auto row = meta.next();
  if (!row) return row.error();
  if (!*row) return Error{ErrorCode::corrupt, "table meta is empty", db_.path(),
                          std::string(damage_remedy)};
  epoch_ = meta.integer();
  pending_.history_seq = pending_.history_seq_before_batch = meta.integer();
  installation_ = meta.text();
  pending_.event_seq = event_seq_ = meta.integer();
  return {};
}

// No SQL may run in here: it is called inside COMMIT.
int SqliteStore::on_commit(void* self, sqlite3*, const char*, int wal_pages) {
  constexpr std::int64_t page_and_frame_bytes = 4096 + 24;
  static_cast<SqliteStore*>(self)->wal_bytes_ = wal_pages * page_and_frame_bytes;
  return SQLITE_OK;
}

}  // namespace hpo::store
