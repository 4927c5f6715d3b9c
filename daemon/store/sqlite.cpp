// The connection, its cached statements, and SQLite's result codes in our words.
#include "daemon/store/sqlite.hpp"

namespace hpo::store {
namespace {

struct Meaning {
  ErrorCode code{};
  std::string_view what{};
  std::string_view remedy{};
};

// By primary result code; anything else is `internal`.
Meaning meaning(int rc) {
  switch (rc & 0xff) {
    case SQLITE_FULL:
      return {ErrorCode::no_space, "the disk is full", "free space on its file system"};
    case SQLITE_IOERR:  // after a failed fsync the page cache may be clean and yet unsaved
      return {ErrorCode::outcome_unknown, "the disk failed while reading or writing",
              "end the daemon; its next start decides from what is on disk"};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {ErrorCode::corrupt, "the file is damaged or is no database of ours",
              damage_remedy};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {ErrorCode::unavailable, "another process holds the database",
              "use or stop the daemon that runs: 'hpo daemon status' names it"};
    case SQLITE_INTERRUPT:
      return {ErrorCode::unavailable, "the query took too long and was stopped",
              "ask for less at once, or try again when the machine is less busy"};
    case SQLITE_NOMEM:
      return {ErrorCode::unavailable, "not enough memory", "try again, or ask for less at once"};
    case SQLITE_CANTOPEN:
      return {ErrorCode::unavailable, "the file cannot be opened",
              "check that its directory exists and is yours to write"};
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return {ErrorCode::unavailable, "the database cannot be written",
              "check the permissions of the file, and that its file system is not read-only"};
    case SQLITE_CONSTRAINT:
      return {ErrorCode::conflict, "the rows contradict what is stored",
              "this is a bug of hpo: report it with the output of 'hpo export'"};
    case SQLITE_TOOBIG:
      return {ErrorCode::too_large, "a value is too long for the database", "make it shorter"};
    default:
      return {ErrorCode::internal, "SQLite failed", "report it with the daemon's log"};
  }
}

// Counting its memory takes SQLite a mutex at every allocation. Refused, harmlessly, once it runs.
void stop_memory_counters() {
  static const int done = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  static_cast<void>(done);
}

}  // namespace

Result<Database> Database::open(const std::string& path, const std::string& vfs, Access access) {
  stop_memory_counters();
  Database database;
  database.path_ = path;
  const int mode = access == Access::read ? SQLITE_OPEN_READONLY
                                          : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  sqlite3* handle = nullptr;
  const int rc = sqlite3_open_v2(path.c_str(), &handle,
                                 mode | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, vfs.c_str());
  database.handle_.reset(handle);
  if (rc != SQLITE_OK) return database.error(rc);
  return database;
}

Error Database::error(int rc) const {
  const Meaning m = meaning(rc);
  const char* told = handle_ ? sqlite3_errmsg(handle_.get()) : sqlite3_errstr(rc);
  return {m.code, std::string(m.what) + " (SQLite " + std::to_string(rc) + ": " + told + ")",
          path_, std::string(m.remedy)};
}

Result<void> Database::execute(const std::string& sql) {
  const int rc = sqlite3_exec(handle(), sql.c_str(), nullptr, nullptr, nullptr);
  if (rc != SQLITE_OK) return error(rc);
  return {};
}

sqlite3_stmt* Database::statement(const char* sql) {
  const auto found = statements_.find(sql);
  if (found != statements_.end()) return found->second.get();
  sqlite3_stmt* made = nullptr;
  sqlite3_prepare_v3(handle(), sql, -1, SQLITE_PREPARE_PERSISTENT, &made, nullptr);
  if (made) statements_[sql].reset(made);
  return made;
}

Query::~Query() {
  if (!statement_) return;
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

Result<bool> Query::next() {
  if (!statement_) return database_.error(sqlite3_extended_errcode(database_.handle()));
  column_ = 0;
  const int rc = sqlite3_step(statement_);
  if (rc == SQLITE_ROW) return true;
  if (rc == SQLITE_DONE) return false;
  return database_.error(rc);
}

Result<void> Query::run() {
  const auto row = next();
  if (!row) return row.error();
  return {};
}

std::string_view Query::text() {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column_));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column_++));
  return bytes ? std::string_view(bytes, size) : std::string_view();
}

std::optional<std::int64_t> Query::maybe_integer() {
  if (!is_null()) return integer();
  ++column_;
  return std::nullopt;
}

std::optional<int> Query::maybe_number() {
  if (!is_null()) return number();
  ++column_;
  return std::nullopt;
}

std::optional<double> Query::maybe_real() {
  if (!is_null()) return real();
  ++column_;
  return std::nullopt;
}

void Query::bind_text(std::string_view text) {
  const char* bytes = text.data() ? text.data() : "";  // a null pointer would bind NULL
  sqlite3_bind_text64(statement_, parameter_++, bytes, text.size(), SQLITE_STATIC, SQLITE_UTF8);
}

}  // namespace hpo::store
