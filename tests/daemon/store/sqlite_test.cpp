// Statements and errors of SQLite in our words.
#include "daemon/store/sqlite.hpp"

#include <catch2/catch.hpp>

#include "fixture.hpp"

using namespace hpo;
using namespace hpo::test;
using store::Database;
using store::Query;

namespace {

Database memory() { return must(Database::open(":memory:", "unix", Database::Access::write)); }

}  // namespace

TEST_CASE("values come back as they were bound", "[store]") {
  Database db = memory();
  must(db.execute("CREATE TABLE t(i INTEGER, r REAL, t TEXT, n INTEGER, o REAL) STRICT"));
  const std::string text = "a-b\"ü";
  must(db.run("INSERT INTO t VALUES(?,?,?,?,?)", std::int64_t{1} << 60, 0.1, text,
              std::optional<int>{}, std::optional<double>{2.5}));
  Query query(db, "SELECT * FROM t");
  REQUIRE(must(query.next()));
  CHECK(query.integer() == std::int64_t{1} << 60);
  CHECK(query.real() == 0.1);
  CHECK(query.text() == text);
  CHECK(query.maybe_number() == std::nullopt);
  CHECK(query.maybe_real() == 2.5);
  CHECK_FALSE(must(query.next()));
}

TEST_CASE("an empty text is a text, not NULL", "[store]") {
  Database db = memory();
  must(db.execute("CREATE TABLE t(x TEXT NOT NULL)"));
  must(db.run("INSERT INTO t VALUES(?)", std::string_view()));
  CHECK(db.changes() == 1);
}

TEST_CASE("a query that is not read to its end leaves no statement open", "[store]") {
  Database db = memory();
  must(db.execute("CREATE TABLE t(x); INSERT INTO t VALUES(1), (2)"));
  { CHECK(must(Query(db, "SELECT x FROM t").next())); }
  must(db.execute("DROP TABLE t"));  // "table is locked" if one were open
}

TEST_CASE("a statement that does not compile says why", "[store]") {
  Database db = memory();
  const auto ran = db.run("SELEKT 1");
  REQUIRE_FALSE(ran);
  CHECK(ran.error().code == ErrorCode::internal);
  CHECK_THAT(ran.error().what, Catch::Contains("SELEKT"));
}

TEST_CASE("SQLite's result codes become ours, with a remedy", "[store]") {
  Database db = memory();
  const auto [rc, code] = GENERATE(table<int, ErrorCode>({
      {SQLITE_FULL, ErrorCode::no_space}, {SQLITE_IOERR_FSYNC, ErrorCode::outcome_unknown},
      {SQLITE_IOERR_READ, ErrorCode::outcome_unknown}, {SQLITE_NOTADB, ErrorCode::corrupt},
      {SQLITE_CORRUPT_VTAB, ErrorCode::corrupt}, {SQLITE_BUSY, ErrorCode::unavailable},
      {SQLITE_INTERRUPT, ErrorCode::unavailable}, {SQLITE_CANTOPEN, ErrorCode::unavailable},
      {SQLITE_CONSTRAINT_UNIQUE, ErrorCode::conflict}, {SQLITE_MISUSE, ErrorCode::internal}}));
  const Error error = db.error(rc);
  CHECK(error.code == code);
  CHECK(error.remedy != "");
}
