// The pragmas, with the reason of each beside it.
#include "daemon/store/settings.hpp"

#include <cstring>

namespace hpo::store {
namespace {

constexpr char common_pragmas[] =
    "PRAGMA mmap_size = 0;"         // a stray pointer must not reach the file
    "PRAGMA cell_size_check = ON;"  // find damage where it is read
    "PRAGMA trusted_schema = OFF;"  // a file may come from a stranger
    "PRAGMA temp_store = MEMORY;";  // no files in /tmp, and undo() of a long command stays off disk

constexpr char writer_pragmas[] =
    "PRAGMA wal_autocheckpoint = 0;"  // the engine strand owns every checkpoint
    "PRAGMA journal_size_limit = 67108864;"
    "PRAGMA foreign_keys = ON;"
    "PRAGMA cache_size = -16384;"
    "PRAGMA cache_spill = OFF;"     // so nothing is written before COMMIT: only that can fail
    "PRAGMA secure_delete = OFF;";  // Debian's default is ON; nothing here is a secret

constexpr char reader_pragmas[] = "PRAGMA query_only = ON; PRAGMA cache_size = -8192;";

Result<void> use_wal(Database& database) {
  Query query(database, "PRAGMA journal_mode = WAL");
  const auto row = query.next();
  if (!row) return row.error();
  if (*row && query.text() == "wal") return {};
  return Error{ErrorCode::unavailable, "the database cannot use a write-ahead log",
               database.path(), "move the state directory to a local disk: set HPO_STATE_DIR"};
}

}  // namespace

Result<void> protect(Database& database, int busy_ms) {
  // Two copies of SQLite in one process undo each other's locks.
  if (std::strcmp(sqlite3_sourceid(), SQLITE_SOURCE_ID) != 0) {
    return Error{ErrorCode::internal, "hpod runs with another SQLite than it was built with",
                 std::string("built ") + SQLITE_SOURCE_ID + ", loaded " + sqlite3_sourceid(),
                 "build hpod again, or put the SQLite library back that it was built with"};
  }
  sqlite3* handle = database.handle();
  sqlite3_hard_heap_limit64(heap_bytes_max);
  sqlite3_busy_timeout(handle, busy_ms);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, value_bytes_max);
  sqlite3_limit(handle, SQLITE_LIMIT_SQL_LENGTH, sql_bytes_max);
  sqlite3_limit(handle, SQLITE_LIMIT_VDBE_OP, program_ops_max);
  sqlite3_limit(handle, SQLITE_LIMIT_LIKE_PATTERN_LENGTH, like_pattern_bytes_max);
  sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, attached_max);
  return database.execute(common_pragmas);
}

Result<void> set_up_writer(Database& database, bool survives_power_loss) {
  if (auto wal = use_wal(database); !wal) return wal;
  const char* level = survives_power_loss ? "PRAGMA synchronous = FULL"
                                          : "PRAGMA synchronous = NORMAL";
  if (auto set = database.execute(level); !set) return set;
  return database.execute(writer_pragmas);
}

Result<void> set_up_reader(Database& database) { return database.execute(reader_pragmas); }

}  // namespace hpo::store
