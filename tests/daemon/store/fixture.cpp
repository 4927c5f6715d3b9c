// See fixture.hpp.
#include "fixture.hpp"

#include <sqlite3.h>

#include <catch2/catch.hpp>

namespace hpo::test {
namespace {

sqlite3* last_opened = nullptr;  // SQLite calls a plain function

int note(sqlite3* handle, char**, const struct sqlite3_api_routines*) {
  last_opened = handle;
  return SQLITE_OK;
}

}  // namespace

std::string told(const Error& e) { return e.what + " | " + e.where + " | " + e.remedy; }

void require_none(const Error* error) {
  INFO((error != nullptr ? told(*error) : std::string()));
  REQUIRE(error == nullptr);
}

std::unique_ptr<store::Store> open_store(const std::string& path) {
  return must(store::Store::open({.path = path}));
}

NoteOpened::NoteOpened() { sqlite3_auto_extension(reinterpret_cast<void (*)()>(note)); }
NoteOpened::~NoteOpened() { sqlite3_cancel_auto_extension(reinterpret_cast<void (*)()>(note)); }
sqlite3* NoteOpened::last() { return last_opened; }

void advance(LegalHistory& history, store::Store& store, int count) {
  must(store.begin());
  for (int i = 0; i < count; ++i) must(history.advance(store));
  must(store.commit());
}

std::int64_t create(LegalHistory& history, store::Store& store, const std::string& name) {
  must(store.begin());
  const std::int64_t id = must(history.create(store, name));
  must(store.commit());
  return id;
}

}  // namespace hpo::test
