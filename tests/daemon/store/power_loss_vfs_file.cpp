// One file of the disk: SQLite's reads and writes on the image, its locks on the VFS beneath.
#include "power_loss_vfs_file.hpp"

#include <cstring>
#include <new>

namespace hpo::test {
namespace {

constexpr int kept_apart = SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL;
constexpr int synced_with_directory = SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL;

}  // namespace

int PowerLossVfs::Methods::open(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags,
                                int* out) {
  PowerLossVfs* disk = of(vfs);
  if (!path || (flags & kept_apart) == 0) {
    return disk->base_->xOpen(disk->base_, path, file, flags, out);
  }
  auto* made = new (file) File{};
  if (disk->is_off_) return SQLITE_IOERR;
  made->disk = disk;
  made->image = &disk->image(path);
  if (!made->image->exists && (flags & SQLITE_OPEN_CREATE) == 0) return SQLITE_CANTOPEN;
  if (!made->image->exists) made->image->syncs_directory = (flags & synced_with_directory) != 0;
  made->image->exists = true;
  if ((flags & SQLITE_OPEN_MAIN_DB) != 0) {
    made->base = reinterpret_cast<sqlite3_file*>(made + 1);
    const int rc = disk->base_->xOpen(disk->base_, path, made->base, flags, out);
    if (rc != SQLITE_OK) return rc;
  } else if (out) {
    *out = flags;
  }
  made->head.pMethods = &io;
  return SQLITE_OK;
}

int PowerLossVfs::Methods::remove(sqlite3_vfs* vfs, const char* path, int syncs_directory) {
  PowerLossVfs* disk = of(vfs);
  if (disk->is_off_) return SQLITE_IOERR_DELETE;
  Image& image = disk->image(path);
  const Step step = disk->step();
  if (step == Step::fail) return disk->failure(step, SQLITE_IOERR_DELETE);
  if (!image.exists) return SQLITE_IOERR_DELETE_NOENT;
  image.exists = false;
  image.now.clear();
  image.unsynced.clear();
  if (step == Step::off) return SQLITE_IOERR_DELETE;
  if (syncs_directory != 0) disk->sync_directory();
  return SQLITE_OK;
}

int PowerLossVfs::Methods::access(sqlite3_vfs* vfs, const char* path, int, int* out) {
  *out = of(vfs)->image(path).exists ? 1 : 0;
  return SQLITE_OK;
}

int PowerLossVfs::Methods::close(sqlite3_file* file) {
  File* f = of(file);
  if (f->base && f->base->pMethods) f->base->pMethods->xClose(f->base);
  return SQLITE_OK;
}

int PowerLossVfs::Methods::read(sqlite3_file* file, void* out, int size, sqlite3_int64 offset) {
  const File* f = of(file);
  if (f->disk->is_off_) return SQLITE_IOERR_READ;
  const auto& now = f->image->now;
  const auto wanted = static_cast<std::size_t>(size);
  const auto at = static_cast<std::size_t>(offset);
  const std::size_t there = at < now.size() ? std::min(wanted, now.size() - at) : 0;
  if (there > 0) std::memcpy(out, now.data() + at, there);
  if (there == wanted) return SQLITE_OK;
  std::memset(static_cast<char*>(out) + there, 0, wanted - there);
  return SQLITE_IOERR_SHORT_READ;
}

// A write that fails for want of space, or of power, may have got half of its bytes down.
int PowerLossVfs::Methods::write(sqlite3_file* file, const void* bytes, int size,
                                 sqlite3_int64 offset) {
  const File* f = of(file);
  if (f->disk->is_off_) return SQLITE_IOERR_WRITE;
  const Step step = f->disk->step();
  const auto whole = static_cast<std::size_t>(size);
  f->disk->record(*f->image, offset, static_cast<const std::uint8_t*>(bytes),
                  step == Step::fail ? whole / 2 : whole);
  return step == Step::go ? SQLITE_OK : f->disk->failure(step, SQLITE_IOERR_WRITE);
}

int PowerLossVfs::Methods::truncate(sqlite3_file* file, sqlite3_int64 size) {
  const File* f = of(file);
  if (f->disk->is_off_) return SQLITE_IOERR_TRUNCATE;
  const Step step = f->disk->step();
  if (step == Step::fail) return f->disk->failure(step, SQLITE_IOERR_TRUNCATE);
  f->image->unsynced.push_back({.offset = size, .truncates = true});
  f->image->now.resize(static_cast<std::size_t>(size));
  return step == Step::go ? SQLITE_OK : SQLITE_IOERR_TRUNCATE;
}

int PowerLossVfs::Methods::sync(sqlite3_file* file, int) {
  const File* f = of(file);
  if (f->disk->is_off_) return SQLITE_IOERR_FSYNC;
  const Step step = f->disk->step();
  if (step != Step::go) return f->disk->failure(step, SQLITE_IOERR_FSYNC);
  if (f->disk->lies_) return SQLITE_OK;
  Image& image = *f->image;
  // Unsynced changes are in `now` in their order: what they did to the durable file is redone.
  for (const Change& change : image.unsynced) {
    const auto at = static_cast<std::size_t>(change.offset);
    if (change.truncates) {
      image.durable.resize(at);
      continue;
    }
    if (image.durable.size() < at + change.bytes.size()) {
      image.durable.resize(at + change.bytes.size());
    }
    std::memcpy(image.durable.data() + at, change.bytes.data(), change.bytes.size());
  }
  image.unsynced.clear();
  if (image.syncs_directory) f->disk->sync_directory();
  image.syncs_directory = false;
  return SQLITE_OK;
}

int PowerLossVfs::Methods::size(sqlite3_file* file, sqlite3_int64* out) {
  *out = static_cast<sqlite3_int64>(of(file)->image->now.size());
  return SQLITE_OK;
}

// Locks and shared memory are the database's alone, and never fail here.
const sqlite3_io_methods PowerLossVfs::Methods::io{
    2, close, read, write, truncate, sync, size,
    [](sqlite3_file* f, int level) {
      return of(f)->base ? of(f)->base->pMethods->xLock(of(f)->base, level) : SQLITE_OK;
    },
    [](sqlite3_file* f, int level) {
      return of(f)->base ? of(f)->base->pMethods->xUnlock(of(f)->base, level) : SQLITE_OK;
    },
    [](sqlite3_file* f, int* out) {
      *out = 0;
      return of(f)->base ? of(f)->base->pMethods->xCheckReservedLock(of(f)->base, out)
                         : SQLITE_OK;
    },
    [](sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; },
    [](sqlite3_file*) { return 4096; },
    [](sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; },
    [](sqlite3_file* f, int page, int size, int extends, void volatile** out) {
      return of(f)->base->pMethods->xShmMap(of(f)->base, page, size, extends, out);
    },
    [](sqlite3_file* f, int offset, int count, int flags) {
      return of(f)->base->pMethods->xShmLock(of(f)->base, offset, count, flags);
    },
    [](sqlite3_file* f) { of(f)->base->pMethods->xShmBarrier(of(f)->base); },
    [](sqlite3_file* f, int deletes) {
      return of(f)->base->pMethods->xShmUnmap(of(f)->base, deletes);
    },
    nullptr, nullptr};

}  // namespace hpo::test
