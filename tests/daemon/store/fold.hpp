// The events of a file, folded from nothing, held against its tables.
#pragma once

#include <string>

#include "daemon/store/store.hpp"

namespace hpo::test {

struct Folded {
  std::int64_t last_seq = 0;
  std::string difference{};  // empty: the tables are what the events say, and the seqs have no gap
};

// Reads the file on a connection of its own; `store` is the open store of that file.
Folded fold(const std::string& path, store::Store& store);

// PRAGMA integrity_check: "ok", or what is wrong.
std::string integrity(const std::string& path);

}  // namespace hpo::test
