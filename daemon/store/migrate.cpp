// Identity and migrations, by the two numbers that SQLite keeps for us in the file's header.
#include "daemon/store/migrate.hpp"

namespace hpo::store {
namespace {

constexpr Migration steps[] = {
#include "generated/migrations.inc"
};

Result<std::int64_t> integer(Database& database, const char* sql) {
  Query query(database, sql);
  const auto row = query.next();
  if (!row) return row.error();
  return *row ? query.integer() : 0;
}

Result<std::int64_t> file_version(Database& database) {
  return integer(database, "PRAGMA user_version");
}

// A file without a header or a table: made a moment ago, perhaps by a start that was cut short.
Result<bool> is_empty(Database& database) {
  const auto objects = integer(database, "SELECT count(*) FROM sqlite_schema");
  if (!objects) return objects.error();
  return *objects == 0;
}

Result<void> check_version(Database& database) {
  const auto version = file_version(database);
  if (!version) return version.error();
  const int newest = migrations().back().version;
  if (*version <= newest) return {};
  return Error{ErrorCode::corrupt,
               "the database has schema version " + std::to_string(*version) +
                   ", this hpod knows versions up to " + std::to_string(newest),
               database.path(),
               "start an hpod that knows schema version " + std::to_string(*version)};
}

Result<void> take(Database& database, const Migration& step) {
  const std::string number = std::to_string(step.version);
  auto done = database.execute("BEGIN IMMEDIATE");
  if (done) done = database.execute(step.sql);
  if (done) {
    done = database.execute("PRAGMA application_id = " + std::to_string(application_id) +
                            "; PRAGMA user_version = " + number + "; COMMIT");
  }
  if (done) return {};
  Error error = done.error();
  if (database.in_transaction()) (void)database.execute("ROLLBACK");
  error.where += ", step " + number + " of the schema";
  return error;
}

}  // namespace

std::span<const Migration> migrations() { return steps; }

Result<void> check_identity(Database& database) {
  const auto id = integer(database, "PRAGMA application_id");
  if (!id) return id.error();
  if (*id == application_id) return check_version(database);
  const auto is_new = is_empty(database);
  if (!is_new) return is_new.error();
  if (*id == 0 && *is_new) return {};
  return Error{ErrorCode::corrupt, "the file is a database of another program", database.path(),
               "move it away, or choose another state directory: set HPO_STATE_DIR"};
}

Result<void> migrate(Database& database) {
  const auto version = file_version(database);
  if (!version) return version.error();
  for (const Migration& step : migrations()) {
    if (step.version <= *version) continue;
    if (auto taken = take(database, step); !taken) return taken;
  }
  return {};
}

}  // namespace hpo::store
