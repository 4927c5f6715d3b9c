// How our connections are set up: reliability before speed, and no trust in the file's content.
#pragma once

#include "daemon/store/sqlite.hpp"

namespace hpo::store {

// Longest value, of SQL text, of one statement's program; SQLite's own advice for hostile files.
inline constexpr int value_bytes_max = 16 << 20;
inline constexpr int sql_bytes_max = 100'000;
inline constexpr int program_ops_max = 250'000;
inline constexpr int like_pattern_bytes_max = 256;
inline constexpr int attached_max = 1;
// Of all connections of the process together.
inline constexpr std::int64_t heap_bytes_max = 512LL << 20;
// A reader waits so long for a lock; the writer does not: nobody else may hold it.
inline constexpr int reader_busy_ms = 2000;

// Before the file is read: what concerns the connection alone.
Result<void> protect(Database& database, int busy_ms);
// Of the writer, once the file is known to be ours: WAL, and that each commit reaches the disk.
Result<void> set_up_writer(Database& database, bool survives_power_loss);
Result<void> set_up_reader(Database& database);

}  // namespace hpo::store
