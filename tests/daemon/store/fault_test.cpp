// The disk fails at operation N, for every N of a short life, once and from then on.
#include <catch2/catch.hpp>
#include <iostream>

#include "fixture.hpp"
#include "fold.hpp"
#include "power_loss_vfs.hpp"

using namespace hpo;
using namespace hpo::test;

namespace {

constexpr int written_batches = 6;

struct Life {
  std::int64_t acknowledged = 0;
  std::int64_t operations = 0;
  std::int64_t faults = 0;
  bool was_opened = false;
  Result<void> end{};  // the first error
};

// A batch that fails for want of space is rolled back and the next one tried, as the daemon does.
void write_batches(store::Store& store, Life& life) {
  LegalHistory history(11);
  for (int batch = 0; batch < written_batches; ++batch) {
    const auto before = history.studies();
    auto done = store.begin();
    if (done && history.studies().empty()) {
      const auto made = history.create(store, "jets");
      if (!made) done = made.error();
    }
    for (int i = 0; i < 4 && done; ++i) done = history.advance(store);
    if (done) done = store.commit();
    if (done) {
      life.acknowledged = store.last_event_seq();
      done = store.checkpoint(batch == 3);
    } else {
      store.rollback();
      history.put_back(before);
    }
    if (!done && life.end) life.end = done;
    if (!done && done.error().code == ErrorCode::outcome_unknown) return;
  }
}

Life live(PowerLossVfs& disk, const std::string& db, FaultPlan plan) {
  Life life;
  disk.plan(plan);
  {
    auto store = store::Store::open({.path = db, .vfs = disk.name(),
                                     .wal_bytes_before_checkpoint = 60'000});
    life.was_opened = store.has_value();
    if (store) write_batches(**store, life);
    if (!store) life.end = store.error();
  }
  life.operations = disk.operations();
  life.faults = disk.damage().faults;
  disk.plan(FaultPlan{});
  return life;
}

std::int64_t operations_without_fault() {
  TempDir dir(parent_in_memory());
  PowerLossVfs disk("sound");
  return live(disk, dir.db(), {}).operations;
}

}  // namespace

TEST_CASE("a disk that fails at the N-th operation costs nothing acknowledged", "[store]") {
  const auto [code, name, expected] = GENERATE(table<int, const char*, ErrorCode>({
      {SQLITE_FULL, "disk full", ErrorCode::no_space},
      {SQLITE_IOERR_WRITE, "write error", ErrorCode::outcome_unknown}}));
  const bool once = GENERATE(true, false);
  const std::int64_t operations = operations_without_fault();
  int as_expected = 0;
  int faults = 0;
  for (std::int64_t n = 1; n <= operations; ++n) {
    TempDir dir(parent_in_memory());
    PowerLossVfs disk("faulty");
    const Life life = live(disk, dir.db(), {.operation = n, .code = code, .once = once});
    INFO(name << (once ? " once" : " for ever") << " at operation " << n);
    faults += life.faults > 0 ? 1 : 0;
    if (!life.end && life.end.error().code == expected) ++as_expected;
    auto store = must(store::Store::open({.path = dir.db(), .vfs = disk.name()}));
    CHECK(store->last_event_seq() >= life.acknowledged);
    store.reset();
    disk.plan(PowerPlan{.seed = static_cast<std::uint64_t>(n)});
    disk.settle();  // and the power goes, too
    store = open_store(dir.db());
    const Folded folded = fold(dir.db(), *store);
    CHECK(folded.difference == "");
    CHECK(folded.last_seq >= life.acknowledged);
    CHECK(integrity(dir.db()) == "ok");
  }
  std::cout << "fault loop, " << name << (once ? " once: " : " for ever: ") << operations
            << " operations, " << faults << " faults, " << as_expected << " errors of the kind\n";
  CHECK(faults == operations);
  CHECK(as_expected > 0);
}
