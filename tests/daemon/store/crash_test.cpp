// What a killed daemon and a full disk leave behind.
#include <sqlite3.h>
#include <sys/mount.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string_view>

#include "child.hpp"
#include "fixture.hpp"
#include "fold.hpp"

using namespace hpo;
using namespace hpo::test;
namespace fs = std::filesystem;

namespace {

constexpr int kills = 8;
constexpr char endless_writer[] = "hidden: writes for ever and says which event was acknowledged";

// Of the store's own connection: its file is limited from outside.
void limit_pages(int pages) {
  const std::string pragma = "PRAGMA max_page_count = " + std::to_string(pages);
  REQUIRE(sqlite3_exec(NoteOpened::last(), pragma.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
}

// A small tmpfs; empty path if this process may not mount one.
struct SmallDisk {
  TempDir dir{};
  bool is_mounted = false;
  SmallDisk() {
    is_mounted = ::mount("tmpfs", dir.path().c_str(), "tmpfs", 0, "size=2m") == 0;
  }
  ~SmallDisk() {
    if (is_mounted) ::umount2(dir.path().c_str(), MNT_DETACH);
  }
};

}  // namespace

TEST_CASE("hidden: writes for ever and says which event was acknowledged", "[.child]") {
  const char* path = std::getenv(child_db);
  REQUIRE(path != nullptr);
  store::StoreOptions options{.path = path, .wal_bytes_before_checkpoint = 50'000,
                              .wal_bytes_before_truncate = 150'000};
  auto store = must(store::Store::open(options));
  LegalHistory history(static_cast<std::uint64_t>(::getpid()));
  create(history, *store, "study-" + std::to_string(::getpid()));
  while (true) {
    advance(history, *store, 7);
    std::cout << child_says << store->last_event_seq() << std::endl;
    must(store->checkpoint(false));
  }
}

TEST_CASE("kill -9 at any moment loses nothing that was acknowledged", "[store]") {
  TempDir dir;
  std::int64_t acknowledged = 0;
  for (int kill = 0; kill < kills; ++kill) {
    Child writer(endless_writer, dir.db());
    for (int line = 0; line < 5 + 11 * kill; ++line) {
      const std::string seq = writer.read_line();
      REQUIRE(seq != "");
      acknowledged = std::stoll(seq);
    }
    writer.kill();
    for (std::string seq; (seq = writer.read_line()) != "";) acknowledged = std::stoll(seq);
    auto store = open_store(dir.db());
    const Folded folded = fold(dir.db(), *store);
    INFO("after kill " << kill);
    CHECK(folded.difference == "");
    CHECK(folded.last_seq >= acknowledged);
    CHECK(integrity(dir.db()) == "ok");
  }
  CHECK(acknowledged > 1000);
}

TEST_CASE("a full disk refuses the batch, keeps the rest, and works again when there is space",
          "[store]") {
  SmallDisk disk;
  if (!disk.is_mounted) {
    const char* ci = std::getenv("CI");
    if (ci != nullptr && std::string_view(ci) == "true") FAIL("CI has to let root mount a tmpfs");
    WARN("not run: only root may mount a small tmpfs");
    return;
  }
  const std::string db = disk.dir.db();
  auto store = open_store(db);
  LegalHistory history(5);
  create(history, *store, "jets");
  std::ofstream(disk.dir.path() + "/reserve") << std::string(500'000, 'r');
  Result<void> committed;
  auto before = history.studies();
  std::int64_t acknowledged = 0;
  while (committed) {
    before = history.studies();
    acknowledged = store->last_event_seq();
    must(store->begin());
    for (int i = 0; i < 20; ++i) must(history.advance(*store));
    committed = store->commit();
  }
  CHECK(committed.error().code == ErrorCode::no_space);
  CHECK(store->last_event_seq() == acknowledged);
  history.put_back(before);
  for (const auto& [id, study] : before) CHECK(must(store->load(id)).progress == study.progress);

  fs::remove(disk.dir.path() + "/reserve");
  for (int batch = 0; batch < 3; ++batch) advance(history, *store, 20);
  CHECK(fold(db, *store).difference == "");
  CHECK(store->last_event_seq() == acknowledged + 60);
  store.reset();
  store = open_store(db);
  CHECK(fold(db, *store).difference == "");
  CHECK(integrity(db) == "ok");
}

TEST_CASE("a statement that finds no space fails its batch, and later ones work", "[store]") {
  TempDir dir;
  const NoteOpened noted;
  auto store = open_store(dir.db());
  LegalHistory history(6);
  create(history, *store, "jets");
  limit_pages(1);  // SQLite takes the present size
  const auto before = history.studies();
  Result<void> done;
  must(store->begin());
  for (int command = 0; command < 1000 && done; ++command) {
    must(store->savepoint());
    done = history.advance(*store);
    if (done) must(store->release());
  }
  REQUIRE_FALSE(done);
  CHECK(done.error().code == ErrorCode::no_space);
  // SQLite gave the whole transaction up, not the statement alone: undo() must say so.
  const auto undone = store->undo();
  REQUIRE_FALSE(undone);
  CHECK(undone.error().code == ErrorCode::no_space);
  CHECK(store->commit().error().code == ErrorCode::no_space);
  store->rollback();

  limit_pages(100'000);
  history.put_back(before);
  for (int batch = 0; batch < 5; ++batch) advance(history, *store, 20);
  CHECK(fold(dir.db(), *store).difference == "");
  CHECK(integrity(dir.db()) == "ok");
}
