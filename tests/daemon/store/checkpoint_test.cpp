// When the WAL goes into the file, and that readers never break it.
#include <catch2/catch.hpp>
#include <filesystem>

#include "daemon/store/sqlite.hpp"
#include "fixture.hpp"
#include "fold.hpp"

using namespace hpo;
using namespace hpo::test;
namespace fs = std::filesystem;

TEST_CASE("a short WAL stays, a long one is copied, a very long one is cut", "[store]") {
  TempDir dir;
  store::StoreOptions options{.path = dir.db()};
  options.wal_bytes_before_checkpoint = 100'000;
  options.wal_bytes_before_truncate = 1'000'000;
  auto store = must(store::Store::open(options));
  LegalHistory history(1);
  create(history, *store, "jets");
  const auto file_bytes = [&] { return fs::file_size(dir.db()); };
  const auto wal_bytes = [&] { return fs::file_size(dir.db() + "-wal"); };
  must(store->checkpoint(false));
  const auto at_first = file_bytes();
  while (wal_bytes() <= 500'000) advance(history, *store, 50);
  CHECK(file_bytes() == at_first);
  must(store->checkpoint(false));
  CHECK(file_bytes() > at_first);
  CHECK(wal_bytes() > 0);
  while (wal_bytes() <= 1'200'000) advance(history, *store, 200);
  must(store->checkpoint(false));
  CHECK(wal_bytes() == 0);
  CHECK(fold(dir.db(), *store).difference == "");
}

TEST_CASE("the last checkpoint leaves an empty WAL", "[store]") {
  TempDir dir;
  auto store = open_store(dir.db());
  LegalHistory history(1);
  create(history, *store, "jets");
  advance(history, *store, 50);
  CHECK(fs::file_size(dir.db() + "-wal") > 0);
  must(store->checkpoint(true));
  CHECK(fs::file_size(dir.db() + "-wal") == 0);
}

TEST_CASE("a reader that is under way makes no checkpoint fail", "[store]") {
  TempDir dir;
  auto store = open_store(dir.db());
  LegalHistory history(1);
  create(history, *store, "jets");
  auto database = must(store::Database::open(dir.db(), "unix-excl", store::Database::Access::read));
  must(database.execute("BEGIN; SELECT count(*) FROM trials"));
  advance(history, *store, 50);
  must(store->checkpoint(true));
  advance(history, *store, 50);
  must(database.execute("COMMIT"));
  must(store->checkpoint(true));
  CHECK(fold(dir.db(), *store).difference == "");
}
