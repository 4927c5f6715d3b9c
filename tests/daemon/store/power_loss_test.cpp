// Power cuts at random operations: what commit() acknowledged is there afterwards, and nothing is
// torn. The checker is checked: with a planted bug it must find losses.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <iostream>
#include <set>

#include "fixture.hpp"
#include "fold.hpp"
#include "power_loss_vfs.hpp"
#include "tests/simulation/sim_store.hpp"

using namespace hpo;
using namespace hpo::test;

namespace {

struct Planted {
  sim::StoreBugs store{};
  bool skips_sync_at_commit = false;
  bool is_disk_lying = false;  // about its syncs
};

constexpr int points_per_seed = 20;
constexpr int batches = 14;
constexpr std::int64_t operations_at_birth = 20;

struct Point {
  std::uint64_t seed = 0;
  std::int64_t operation = 0;  // 0: the power stays on
};

struct Told {
  std::int64_t acknowledged = 0;              // events up to here must survive
  std::set<std::int64_t> ends_of_batches{0};  // a transaction is there as a whole or not at all
};

struct Tally {
  std::string first_trouble{};
  int points = 0;
  int cuts = 0;
  int lost = 0;   // points at which something acknowledged was lost
  int torn = 0;
  Damage damage{};
};

// Writes batches until the power goes. Errors end it: they are what a dead disk answers.
Result<void> write_batches(store::Store& store, std::uint64_t seed, Told& told) {
  LegalHistory history(seed);
  for (int batch = 0; batch < batches; ++batch) {
    if (auto begun = store.begin(); !begun) return begun;
    if (batch == 0) {
      for (const char* name : {"a", "b"}) {
        if (auto made = history.create(store, name); !made) return made.error();
      }
    }
    for (std::uint64_t i = history.random()() % 8; i > 0; --i) {
      if (auto done = history.advance(store); !done) return done;
    }
    const std::int64_t end = history.events();
    told.ends_of_batches.insert(end);
    if (auto committed = store.commit(); !committed) return committed;
    told.acknowledged = end;
    if (auto copied = store.checkpoint(batch % 5 == 4); !copied) return copied;
  }
  return {};
}

// The same work on the same disk, up to the power cut. Returns how many operations it took.
std::int64_t work(PowerLossVfs& disk, const std::string& db, Point point, const Planted& bug,
                  Told& told) {
  if (bug.is_disk_lying) disk.lie_about_syncs();
  disk.plan(PowerPlan{.operation = point.operation, .seed = point.seed * 7919 + 1});
  {
    auto store = store::Store::open({.path = db, .vfs = disk.name(),
                                     .survives_power_loss = !bug.skips_sync_at_commit,
                                     .wal_bytes_before_checkpoint = 60'000});
    sim::StoreControl control{.bugs = bug.store};
    sim::Chance chance(point.seed);
    if (store) store = sim::wrap(std::move(*store), control, chance);
    if (store) (void)write_batches(**store, point.seed, told);
  }
  return disk.operations();
}

void note_torn(Tally& tally, const std::string& how) {
  if (tally.torn++ == 0) tally.first_trouble = how;
}

void check_survivors(const std::string& db, const Told& told, Tally& tally) {
  auto store = store::Store::open({.path = db});
  if (!store) return note_torn(tally, "does not open: " + hpo::test::told(store.error()));
  const Folded folded = fold(db, **store);
  if (folded.last_seq < told.acknowledged) ++tally.lost;
  if (!folded.difference.empty()) return note_torn(tally, folded.difference);
  if (const std::string found = integrity(db); found != "ok") return note_torn(tally, found);
  if (!told.ends_of_batches.contains(folded.last_seq)) note_torn(tally, "part of a batch");
}

void add(Damage& sum, const Damage& more) {
  sum.sectors_kept += more.sectors_kept;
  sum.sectors_lost += more.sectors_lost;
  sum.truncations_lost += more.truncations_lost;
  sum.entries_lost += more.entries_lost;
}

void cut_once(Point point, const Planted& bug, Tally& tally) {
  TempDir dir(parent_in_memory());  // the disk is simulated: no need to wait for a real one
  PowerLossVfs disk("power-loss");
  Told told;
  work(disk, dir.db(), point, bug, told);
  tally.cuts += disk.is_off() ? 1 : 0;
  disk.settle();
  check_survivors(dir.db(), told, tally);
  add(tally.damage, disk.damage());
  ++tally.points;
}

std::int64_t operations_without_cut(std::uint64_t seed) {
  TempDir dir(parent_in_memory());
  PowerLossVfs disk("power-loss");
  Told told;
  return work(disk, dir.db(), {.seed = seed}, {}, told);
}

using Goal = bool (*)(const Tally&);

bool has_every_damage(const Tally& tally) {
  const Damage& d = tally.damage;
  return d.sectors_lost > 0 && d.sectors_kept > 0 && d.truncations_lost > 0 && d.entries_lost > 0;
}

bool has_loss(const Tally& tally) { return tally.lost > 0; }
bool has_torn(const Tally& tally) { return tally.torn > 0; }
bool has_both(const Tally& tally) { return has_loss(tally) && has_torn(tally); }

// What is rare may not happen in few cuts: then up to ten times as many, until it has.
bool goes_on(const Tally& tally, int points, Goal goal) {
  return tally.points < points || (!goal(tally) && tally.points < 10 * points);
}

// Distinct operations, spread over all of the work.
Tally cut_power(int points, const Planted& bug, Goal goal) {
  Tally tally;
  for (std::uint64_t seed = 1; goes_on(tally, points, goal); ++seed) {
    const std::int64_t operations = operations_without_cut(seed);
    std::mt19937_64 random(seed);
    std::set<std::int64_t> chosen;
    while (chosen.size() < points_per_seed) {
      // Every fifth while the file is made, where directory entries are at stake.
      const std::int64_t last = chosen.size() % 5 == 0 ? operations_at_birth : operations;
      chosen.insert(1 + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(last)));
    }
    for (const std::int64_t operation : chosen) {
      if (goes_on(tally, points, goal)) cut_once({seed, operation}, bug, tally);
    }
  }
  return tally;
}

void print(const char* name, const Tally& t) {
  std::cout << "power loss, " << name << ": " << t.points << " points, " << t.cuts << " cuts, "
            << t.damage.sectors_lost << " sectors lost and " << t.damage.sectors_kept
            << " kept unsynced, " << t.damage.truncations_lost << " truncations and "
            << t.damage.entries_lost << " directory entries lost; acknowledged losses " << t.lost
            << ", torn " << t.torn << std::endl;
}

int points_wanted() {
  const char* text = std::getenv("HPO_POWER_LOSS_POINTS");
  return text ? std::stoi(text) : 1000;
}

}  // namespace

TEST_CASE("row 13: a power cut at any operation loses nothing that was acknowledged", "[store]") {
  const Tally tally = cut_power(points_wanted(), {}, has_every_damage);
  print("as built", tally);
  CHECK(tally.lost == 0);
  CHECK(tally.first_trouble == "");
  CHECK(tally.torn == 0);
  CHECK(tally.cuts == tally.points);
  CHECK(has_every_damage(tally));
}

TEST_CASE("the power-loss checker finds commits that are not synced", "[store]") {
  const Tally tally = cut_power(100, {.skips_sync_at_commit = true}, has_loss);
  print("planted: synchronous = NORMAL", tally);
  CHECK(has_loss(tally));
}

TEST_CASE("the power-loss checker finds acknowledgements before the commit", "[store]") {
  const Tally tally = cut_power(100, {.store = {.acknowledges_before_commit = true}}, has_loss);
  print("planted: acknowledged before COMMIT", tally);
  CHECK(has_loss(tally));
}

TEST_CASE("the power-loss checker finds rows that change without their event", "[store]") {
  const Tally tally = cut_power(100, {.store = {.forgets_events = true}}, has_torn);
  print("planted: a forgotten event", tally);
  CHECK(has_torn(tally));
}

TEST_CASE("the power-loss checker finds damage if the disk lies about syncs", "[store]") {
  const Tally tally = cut_power(100, {.is_disk_lying = true}, has_both);
  print("planted: a disk that lies about syncs", tally);
  CHECK(has_both(tally));
}
