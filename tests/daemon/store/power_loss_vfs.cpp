// The disk's state: what is durable, what is not yet, and what a power cut leaves of it.
#include "power_loss_vfs.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "power_loss_vfs_file.hpp"

namespace hpo::test {
namespace {

using Bytes = std::vector<std::uint8_t>;

void apply(Bytes& file, std::int64_t offset, bool truncates, const Bytes& bytes) {
  const auto at = static_cast<std::size_t>(offset);
  if (truncates) return file.resize(at);
  if (file.size() < at + bytes.size()) file.resize(at + bytes.size());
  std::copy(bytes.begin(), bytes.end(), file.begin() + offset);
}

void write(const std::string& path, const Bytes& bytes) {
  std::ofstream real(path, std::ios::binary);
  real.write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
}

bool coin(std::mt19937_64& random) { return (random() & 1U) != 0; }

}  // namespace

PowerLossVfs::PowerLossVfs(std::string name, const char* base)
    : name_(std::move(name)), base_(sqlite3_vfs_find(base)), vfs_(*base_) {
  vfs_.zName = name_.c_str();
  vfs_.pNext = nullptr;
  vfs_.pAppData = this;
  vfs_.szOsFile = static_cast<int>(sizeof(File)) + base_->szOsFile;
  vfs_.xOpen = Methods::open;
  vfs_.xDelete = Methods::remove;
  vfs_.xAccess = Methods::access;
  sqlite3_vfs_register(&vfs_, 0);
}

PowerLossVfs::~PowerLossVfs() { sqlite3_vfs_unregister(&vfs_); }

PowerLossVfs::Step PowerLossVfs::step() {
  if (is_off_) return Step::off;
  ++operations_;
  if (power_.operation != 0 && operations_ >= power_.operation) {
    is_off_ = true;
    return Step::off;
  }
  const bool is_due = fault_.operation != 0 && (fault_.once ? operations_ == fault_.operation
                                                            : operations_ >= fault_.operation);
  if (is_due) ++damage_.faults;
  return is_due ? Step::fail : Step::go;
}

int PowerLossVfs::failure(Step step, int code) const {
  if (step == Step::off) return code;
  if (fault_.code != SQLITE_FULL) return fault_.code;
  return code == SQLITE_IOERR_WRITE ? SQLITE_FULL : code;
}

// Read before the VFS beneath opens it: closing a second descriptor would drop the lock.
PowerLossVfs::Image& PowerLossVfs::image(const std::string& path) {
  auto& slot = images_[path];
  if (slot) return *slot;
  slot = std::make_unique<Image>();
  std::ifstream real(path, std::ios::binary);
  if (!real) return *slot;
  slot->durable = Bytes(std::istreambuf_iterator<char>(real), {});
  slot->now = slot->durable;
  slot->exists = slot->durably_exists = true;
  return *slot;
}

void PowerLossVfs::record(Image& image, std::int64_t offset, const std::uint8_t* bytes,
                          std::size_t size) {
  while (size > 0) {
    const auto within = static_cast<std::size_t>(offset) % sector_bytes;
    const std::size_t part = std::min(size, sector_bytes - within);
    image.unsynced.push_back({.offset = offset, .bytes = Bytes(bytes, bytes + part)});
    apply(image.now, offset, false, image.unsynced.back().bytes);
    offset += static_cast<std::int64_t>(part);
    bytes += part;
    size -= part;
  }
}

void PowerLossVfs::sync_directory() {
  for (auto& [path, image] : images_) {
    image->durably_exists = image->exists;
    if (!image->exists) image->durable.clear();
  }
}

// Mostly half of the sectors in any order; sometimes all up to one, as a quiet disk would do.
std::vector<std::uint8_t> PowerLossVfs::survivors(Image& image, std::mt19937_64& random) {
  std::vector<Change>& changes = image.unsynced;
  const bool is_prefix = random() % 4 == 0;
  const std::size_t kept_first = changes.empty() ? 0 : random() % (changes.size() + 1);
  std::vector<const Change*> kept;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const bool is_kept = is_prefix ? i < kept_first : coin(random);
    if (is_kept) kept.push_back(&changes[i]);
    if (changes[i].truncates) {
      damage_.truncations_lost += is_kept ? 0 : 1;
    } else {
      ++(is_kept ? damage_.sectors_kept : damage_.sectors_lost);
    }
  }
  if (!is_prefix) std::shuffle(kept.begin(), kept.end(), random);
  Bytes file = image.durable;
  for (const Change* change : kept) {
    apply(file, change->offset, change->truncates, change->bytes);
  }
  return file;
}

bool PowerLossVfs::survives(Image& image, std::mt19937_64& random) {
  if (image.exists == image.durably_exists) return image.exists;
  const bool is_there = coin(random);
  if (is_there != image.exists) ++damage_.entries_lost;
  return is_there;
}

void PowerLossVfs::settle() {
  std::mt19937_64 random(power_.seed);
  for (auto& [path, image] : images_) {
    std::filesystem::remove(path);
    if (survives(*image, random)) write(path, survivors(*image, random));
  }
  forget();
}

void PowerLossVfs::write_back() {
  for (auto& [path, image] : images_) {
    std::filesystem::remove(path);
    if (image->exists) write(path, image->now);
  }
  forget();
}

void PowerLossVfs::keep() {
  is_off_ = false;
  power_ = {};
}

void PowerLossVfs::forget() {
  images_.clear();
  is_off_ = false;
  operations_ = 0;
  power_ = {};
  fault_ = {};
}

}  // namespace hpo::test
