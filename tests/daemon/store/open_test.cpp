// Who may open the file, and how it is set up.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <iostream>

#include "child.hpp"
#include "daemon/store/settings.hpp"
#include "daemon/store/sqlite.hpp"
#include "fixture.hpp"

using namespace hpo;
using namespace hpo::test;
using store::Database;
using store::Query;

namespace {

void plain_sql(const std::string& path, const std::string& sql) {
  auto database = must(Database::open(path, "unix", Database::Access::write));
  must(database.execute(sql));
}

std::string answer(Database& database, const char* sql) {
  Query query(database, sql);
  REQUIRE(must(query.next()));
  return std::string(query.text());
}

std::string code_of(const Error& error) { return std::to_string(static_cast<int>(error.code)); }

}  // namespace

TEST_CASE("hidden: a second process opens the store and tells what it was told", "[.child]") {
  const char* path = std::getenv(child_db);
  REQUIRE(path != nullptr);
  const auto store = store::Store::open({.path = path});
  if (store) {
    std::cout << child_says << "opened" << std::endl;
  } else {
    std::cout << child_says << code_of(store.error()) << " " << told(store.error()) << std::endl;
  }
}

TEST_CASE("a second process is refused, told who holds the file, and may come later", "[store]") {
  TempDir dir;
  const std::string hidden = "hidden: a second process opens the store and tells what it was told";
  {
    auto store = open_store(dir.db());
    Child second(hidden, dir.db());
    const std::string line = second.read_line();
    const std::string unavailable = code_of({.code = ErrorCode::unavailable});
    CHECK_THAT(line, Catch::StartsWith(unavailable + " another process holds"));
    CHECK_THAT(line, Catch::Contains("hpo daemon status"));
    CHECK_THAT(line, Catch::Contains(dir.db()));
  }
  Child later(hidden, dir.db());
  CHECK(later.read_line() == "opened");
}

TEST_CASE("a second store of the same process takes over, and the first writes nothing more",
          "[store]") {
  TempDir dir;
  LegalHistory history(1);
  auto first = open_store(dir.db());
  create(history, *first, "jets");
  auto second = open_store(dir.db());
  must(first->begin());
  must(history.advance(*first));
  const auto committed = first->commit();
  REQUIRE_FALSE(committed);
  CHECK(committed.error().code == ErrorCode::outcome_unknown);
  CHECK(first->begin().error().code == ErrorCode::outcome_unknown);
  CHECK(first->checkpoint(true).error().code == ErrorCode::outcome_unknown);
  CHECK(must(second->load_unfinished()).front().progress.created == 0);
  must(second->begin());
  must(second->commit());
}

TEST_CASE("another program's database is refused and left as it was", "[store]") {
  TempDir dir;
  plain_sql(dir.db(), "CREATE TABLE theirs(x); PRAGMA application_id = 77");
  const auto store = store::Store::open({.path = dir.db()});
  REQUIRE_FALSE(store);
  CHECK(store.error().code == ErrorCode::corrupt);
  CHECK_THAT(store.error().what, Catch::Contains("another program"));
  auto database = must(Database::open(dir.db(), "unix", Database::Access::write));
  CHECK(answer(database, "PRAGMA journal_mode") == "delete");
  CHECK(answer(database, "PRAGMA application_id") == "77");
}

TEST_CASE("tables without our application id are another program's", "[store]") {
  TempDir dir;
  plain_sql(dir.db(), "CREATE TABLE studies(x)");
  CHECK(store::Store::open({.path = dir.db()}).error().code == ErrorCode::corrupt);
}

TEST_CASE("a newer database is refused with the version that it needs", "[store]") {
  TempDir dir;
  { auto store = open_store(dir.db()); }
  plain_sql(dir.db(), "PRAGMA user_version = 99");
  const auto store = store::Store::open({.path = dir.db()});
  REQUIRE_FALSE(store);
  CHECK(store.error().code == ErrorCode::corrupt);
  CHECK_THAT(store.error().what, Catch::Contains("schema version 99"));
  CHECK_THAT(store.error().remedy, Catch::Contains("schema version 99"));
}

TEST_CASE("a file that is no database is refused as damaged", "[store]") {
  TempDir dir;
  std::ofstream(dir.db()) << std::string(8192, 'x');
  CHECK(store::Store::open({.path = dir.db()}).error().code == ErrorCode::corrupt);
}

TEST_CASE("a missing directory is named, with the remedy", "[store]") {
  TempDir dir;
  const auto store = store::Store::open({.path = dir.path() + "/none/hpo.db"});
  REQUIRE_FALSE(store);
  CHECK(store.error().where == dir.path() + "/none");
  CHECK_THAT(store.error().remedy, Catch::Contains("HPO_STATE_DIR"));
}

TEST_CASE("the writer's connection has the settings of the table", "[store]") {
  TempDir dir;
  auto database = must(Database::open(dir.db(), "unix-excl", Database::Access::write));
  must(store::protect(database, 0));
  must(store::set_up_writer(database, true));
  const auto [pragma, expected] = GENERATE(table<const char*, const char*>({
      {"PRAGMA journal_mode", "wal"}, {"PRAGMA synchronous", "2"},
      {"PRAGMA wal_autocheckpoint", "0"}, {"PRAGMA busy_timeout", "0"},
      {"PRAGMA mmap_size", "0"}, {"PRAGMA cell_size_check", "1"},
      {"PRAGMA trusted_schema", "0"}, {"PRAGMA foreign_keys", "1"},
      {"PRAGMA temp_store", "2"}, {"PRAGMA secure_delete", "0"}}));
  INFO(pragma);
  CHECK(answer(database, pragma) == expected);
  int defensive = 0;
  sqlite3_db_config(database.handle(), SQLITE_DBCONFIG_DEFENSIVE, -1, &defensive);
  CHECK(defensive == 1);
}

TEST_CASE("the installation is drawn once: 4 base32 characters that stay", "[store]") {
  TempDir dir;
  const std::string first = open_store(dir.db())->installation();
  CHECK(first.size() == 4);
  CHECK(first.find_first_not_of("abcdefghijklmnopqrstuvwxyz234567") == std::string::npos);
  CHECK(open_store(dir.db())->installation() == first);
}
