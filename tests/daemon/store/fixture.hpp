// What the store's tests share: a directory of their own, and results that tell their error.
#pragma once

#include <sqlite3.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <string>

#include "daemon/store/reader.hpp"
#include "daemon/store/store.hpp"
#include "legal_history.hpp"
#include "tests/fresh_directory.hpp"

namespace hpo::test {

class TempDir : public FreshDirectory {
 public:
  using FreshDirectory::FreshDirectory;
  std::string db() const { return path() + "/hpo.db"; }
};

inline std::string told(const Error& e) { return e.what + " | " + e.where + " | " + e.remedy; }

template <class T>
T must(Result<T> result) {
  INFO((result ? std::string() : told(result.error())));
  REQUIRE(result.has_value());
  return *std::move(result);
}
inline void must(const Result<void>& result) {
  INFO((result ? std::string() : told(result.error())));
  REQUIRE(result.has_value());
}

inline std::unique_ptr<store::Store> open_store(const std::string& path) {
  return must(store::Store::open({.path = path}));
}

// A connection that the store opens while this lives, to do to it what SQL alone can do.
class NoteOpened {
 public:
  NoteOpened() { sqlite3_auto_extension(reinterpret_cast<void (*)()>(note)); }
  ~NoteOpened() { sqlite3_cancel_auto_extension(reinterpret_cast<void (*)()>(note)); }
  NoteOpened(const NoteOpened&) = delete;
  NoteOpened& operator=(const NoteOpened&) = delete;

  static sqlite3* last() { return last_; }

 private:
  static int note(sqlite3* handle, char**, const struct sqlite3_api_routines*) {
    last_ = handle;
    return SQLITE_OK;
  }
  inline static sqlite3* last_ = nullptr;  // SQLite calls a plain function
};

// One committed transaction of `count` events.
inline void advance(LegalHistory& history, store::Store& store, int count) {
  must(store.begin());
  for (int i = 0; i < count; ++i) must(history.advance(store));
  must(store.commit());
}

inline std::int64_t create(LegalHistory& history, store::Store& store, const std::string& name) {
  must(store.begin());
  const std::int64_t id = must(history.create(store, name));
  must(store.commit());
  return id;
}

}  // namespace hpo::test
