// What the store's tests share: a directory of their own, and results that tell their error.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "daemon/store/reader.hpp"
#include "daemon/store/store.hpp"
#include "legal_history.hpp"
#include "tests/fresh_directory.hpp"

struct sqlite3;

namespace hpo::test {

class TempDir : public FreshDirectory {
 public:
  using FreshDirectory::FreshDirectory;
  std::string db() const { return path() + "/hpo.db"; }
};

std::string told(const Error& e);

void require_none(const Error* error);  // fails the test with what the error says

template <class T>
T must(Result<T> result) {
  require_none(result ? nullptr : &result.error());
  return *std::move(result);
}
inline void must(const Result<void>& result) {
  require_none(result ? nullptr : &result.error());
}

std::unique_ptr<store::Store> open_store(const std::string& path);

// A connection that the store opens while this lives, to do to it what SQL alone can do.
class NoteOpened {
 public:
  NoteOpened();
  ~NoteOpened();
  NoteOpened(const NoteOpened&) = delete;
  NoteOpened& operator=(const NoteOpened&) = delete;

  static sqlite3* last();
};

// One committed transaction of `count` events.
void advance(LegalHistory& history, store::Store& store, int count);

std::int64_t create(LegalHistory& history, store::Store& store, const std::string& name);

}  // namespace hpo::test
