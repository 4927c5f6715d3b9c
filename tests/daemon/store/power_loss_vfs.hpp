// A disk that can lose power or fail: a SQLite VFS that keeps its files in memory.
//
// What was written and not synced is held apart, sector by sector. When the power goes, at an
// operation chosen beforehand, a random part of it is on the disk and the rest is not; settle()
// then writes what survived to the real files, for another VFS to open. Directory entries
// (created, deleted files) are lost too until the directory was synced. Locks and shared memory
// are those of the VFS beneath. One thread.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace hpo::test {

// Operations count from 1: writes, syncs, truncations and deletions, of all files together.
struct FaultPlan {
  std::int64_t operation = 0;  // 0: no fault
  int code = SQLITE_FULL;      // or an SQLITE_IOERR_…; syncs and truncations never answer FULL,
                               // but IOERR, as the real VFS does
  bool once = true;            // false: from then on
};

struct PowerPlan {
  std::int64_t operation = 0;  // during this one the power goes; 0: never
  std::uint64_t seed = 0;      // of what is on the disk afterwards
};

// What happened, for a test to show that its faults took place.
struct Damage {
  std::int64_t sectors_kept = 0;
  std::int64_t sectors_lost = 0;
  std::int64_t truncations_lost = 0;
  std::int64_t entries_lost = 0;   // files that were created and are not there, or the reverse
  std::int64_t faults = 0;
};

class PowerLossVfs {
 public:
  static constexpr std::size_t sector_bytes = 512;

  explicit PowerLossVfs(std::string name, const char* base = "unix-excl");
  ~PowerLossVfs();
  PowerLossVfs(const PowerLossVfs&) = delete;
  PowerLossVfs& operator=(const PowerLossVfs&) = delete;

  const std::string& name() const { return name_; }
  void plan(PowerPlan plan) { power_ = plan; }
  void plan(FaultPlan plan) { fault_ = plan; }
  void lie_about_syncs() { lies_ = true; }  // a sync says it worked, and nothing is durable
  std::int64_t operations() const { return operations_; }
  bool is_off() const { return is_off_; }
  const Damage& damage() const { return damage_; }

  // Each of these with every connection closed.
  void settle();      // the power went: forgets the disk, which begins anew with the real files
  void keep();        // only the process died: what it wrote is there, synced or not
  void write_back();  // nothing went wrong: the real files become what was written

 private:
  struct Change {               // of one sector at most
    std::int64_t offset = 0;    // of a truncation: the new size
    bool truncates = false;
    std::vector<std::uint8_t> bytes{};
  };
  struct Image {
    std::vector<std::uint8_t> now{};      // as the process sees it
    std::vector<std::uint8_t> durable{};  // as of the last sync
    std::vector<Change> unsynced{};
    bool exists = false;
    bool durably_exists = false;          // the directory says so after a power cut
    bool syncs_directory = false;         // a new journal or WAL: with its first sync
  };
  struct File;  // what SQLite holds
  struct Methods;

  enum class Step { go, fail, off };
  Step step();                        // counts an operation; may fail it
  int failure(Step step, int code) const;  // `code`: of this kind of operation on a dead disk
  Image& image(const std::string& path);
  void record(Image& image, std::int64_t offset, const std::uint8_t* bytes, std::size_t size);
  void sync_directory();
  std::vector<std::uint8_t> survivors(Image& image, std::mt19937_64& random);
  bool survives(Image& image, std::mt19937_64& random);
  void forget();

  std::string name_;
  sqlite3_vfs* base_;
  sqlite3_vfs vfs_{};
  std::map<std::string, std::unique_ptr<Image>> images_{};
  PowerPlan power_{};
  FaultPlan fault_{};
  std::int64_t operations_ = 0;
  bool is_off_ = false;
  bool lies_ = false;
  Damage damage_{};
};

}  // namespace hpo::test
