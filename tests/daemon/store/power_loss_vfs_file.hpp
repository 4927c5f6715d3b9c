// The disk's functions as SQLite calls them. Included by power_loss_vfs*.cpp alone.
#pragma once

#include "power_loss_vfs.hpp"

namespace hpo::test {

struct PowerLossVfs::File {
  sqlite3_file head{};
  PowerLossVfs* disk = nullptr;
  Image* image = nullptr;
  sqlite3_file* base = nullptr;  // of the database alone: locks and shared memory
};

struct PowerLossVfs::Methods {
  static File* of(sqlite3_file* file) { return reinterpret_cast<File*>(file); }
  static PowerLossVfs* of(sqlite3_vfs* vfs) { return static_cast<PowerLossVfs*>(vfs->pAppData); }

  static int open(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* out);
  static int remove(sqlite3_vfs* vfs, const char* path, int syncs_directory);
  static int access(sqlite3_vfs* vfs, const char* path, int flags, int* out);

  static int close(sqlite3_file* file);
  static int read(sqlite3_file* file, void* out, int size, sqlite3_int64 offset);
  static int write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset);
  static int truncate(sqlite3_file* file, sqlite3_int64 size);
  static int sync(sqlite3_file* file, int flags);
  static int size(sqlite3_file* file, sqlite3_int64* out);

  static const sqlite3_io_methods io;
};

}  // namespace hpo::test
