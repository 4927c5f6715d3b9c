// Whose file this is, and bringing an older one to our schema, step by step.
#pragma once

#include <span>

#include "daemon/store/sqlite.hpp"

namespace hpo::store {

inline constexpr int application_id = 0x48504F31;  // "HPO1", in the file's header

struct Migration {
  int version = 0;  // PRAGMA user_version once it is done
  const char* sql = "";
};

// schema/sql/*.sql in order, embedded at build.
std::span<const Migration> migrations();

// Reads only. Error: corrupt if the file is another program's, or newer than this hpod.
Result<void> check_identity(Database& database);
// Each missing step in one transaction, so a crash leaves a file of the old or the new version.
Result<void> migrate(Database& database);

}  // namespace hpo::store
