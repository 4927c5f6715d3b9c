// Steps of the schema: none half done, whatever happens.
#include "daemon/store/migrate.hpp"

#include <catch2/catch.hpp>

#include "fixture.hpp"

using namespace hpo;
using namespace hpo::test;
using store::Database;
using store::Query;

namespace {

std::int64_t number(Database& db, const char* sql) {
  Query query(db, sql);
  REQUIRE(must(query.next()));
  return query.integer();
}

}  // namespace

TEST_CASE("migrations are numbered from 1 without a gap", "[store]") {
  int expected = 0;
  for (const store::Migration& step : store::migrations()) CHECK(step.version == ++expected);
  CHECK(expected >= 1);
}

TEST_CASE("a migrated file carries our id and version, and migrating again does nothing",
          "[store]") {
  TempDir dir;
  Database db = must(Database::open(dir.db(), "unix", Database::Access::write));
  must(store::check_identity(db));
  must(store::migrate(db));
  CHECK(number(db, "PRAGMA application_id") == store::application_id);
  CHECK(number(db, "PRAGMA user_version") == store::migrations().back().version);
  const std::int64_t changes = number(db, "SELECT total_changes()");
  must(store::migrate(db));
  CHECK(number(db, "SELECT total_changes()") == changes);
  must(store::check_identity(db));
}

TEST_CASE("a step that fails leaves the file as it was", "[store]") {
  TempDir dir;
  Database db = must(Database::open(dir.db(), "unix", Database::Access::write));
  must(db.execute("CREATE TABLE trials(x)"));  // in the way of the first step
  const auto migrated = store::migrate(db);
  REQUIRE_FALSE(migrated);
  CHECK_THAT(migrated.error().where, Catch::Contains("step 1"));
  CHECK_FALSE(db.in_transaction());
  CHECK(number(db, "SELECT count(*) FROM sqlite_schema") == 1);
  CHECK(number(db, "PRAGMA user_version") == 0);
}

TEST_CASE("every table is STRICT, and states are checked words", "[store]") {
  TempDir dir;
  Database db = must(Database::open(dir.db(), "unix", Database::Access::write));
  must(store::migrate(db));
  CHECK(number(db, "SELECT count(*) FROM pragma_table_list WHERE strict = 0 AND type = 'table' "
                   "AND name NOT LIKE 'sqlite_%'") == 0);
  const auto inserted = db.execute("UPDATE meta SET daemon_epoch = 'x'");
  CHECK(inserted.error().code == ErrorCode::conflict);
}

TEST_CASE("step 2 finds the doubts of before", "[store]") {
  TempDir dir;
  Database db = must(Database::open(dir.db(), "unix", Database::Access::write));
  must(db.execute(std::string(store::migrations().front().sql)));
  must(db.execute("PRAGMA user_version = 1; PRAGMA foreign_keys = OFF;"
                  "INSERT INTO events(at_ns, elapsed_ns, history_seq, study, kind, data) VALUES"
                  "(1, 0, 1, 4, 'attempt_submitting', '{\"trial\":7}'),"
                  "(2, 0, 1, 4, 'attempt_unknown', '{\"trial\":7,\"attempt\":1}')"));
  must(store::migrate(db));
  CHECK(number(db, "SELECT count(*) FROM doubts") == 1);
  CHECK(number(db, "SELECT event FROM doubts WHERE study = 4 AND trial = 7") == 2);
}

TEST_CASE("step 11 finds where the studies of before were submitted", "[store]") {
  TempDir dir;
  Database db = must(Database::open(dir.db(), "unix", Database::Access::write));
  for (const store::Migration& step : store::migrations()) {
    if (step.version <= 10) must(db.execute(std::string(step.sql)));
  }
  for (const std::string spec : {R"({"executor":{"type":"slurm"}})", "{}", "damaged"}) {
    must(db.execute("INSERT INTO studies(name, content_hash, state, detail, exhausted, created, "
                    "completed, pruned, infeasible, failed, cancelled, trials_more, "
                    "failures_forgiven, attempts, failures_alike, failure_signature, "
                    "finished_since_best, spent_ns, spent_node_ms, created_ns, started_ns, "
                    "ended_ns) VALUES('" + spec + "','','finished','',0,1,1,0,0,0,0,0,0,1,0,'',"
                    "0,0,0,0,0,0);"
                    "INSERT INTO specs VALUES(last_insert_rowid(), '" + spec + "')"));
  }
  must(db.execute("PRAGMA user_version = 10"));
  must(store::migrate(db));
  CHECK(number(db, "SELECT count(*) FROM studies WHERE executor = 'slurm'") == 1);
  CHECK(number(db, "SELECT count(*) FROM studies WHERE executor = ''") == 2);
}
