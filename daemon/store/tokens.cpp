// Tokens of workers on other machines: the writer's half, and the question of each connection.
//
// A token is found by its hash, so no comparison tells anybody how much of a guess is right. Times
// are SQLite's, as those of stored replies: a token outlives restarts by the wall clock alone.
#include "daemon/store/sqlite_reader.hpp"
#include "daemon/store/sqlite_store.hpp"

namespace hpo::store {

Result<void> SqliteStore::keep_token(std::int64_t study, std::string_view sha256,
                                     std::chrono::seconds valid) {
  if (auto open = check_transaction(); !open) return open;
  return noted(db_.run("INSERT INTO tokens(sha256, study, expires_ns) "
                       "VALUES(?,?, (unixepoch() + ?) * 1000000000) ON CONFLICT DO NOTHING",
                       sha256, study, static_cast<std::int64_t>(valid.count())));
}

Result<void> SqliteStore::drop_token(std::string_view sha256) {
  if (auto open = check_transaction(); !open) return open;
  return noted(db_.run("DELETE FROM tokens WHERE sha256 = ?", sha256));
}

Result<void> SqliteStore::revoke_tokens(std::int64_t study) {
  if (auto open = check_transaction(); !open) return open;
  return noted(db_.run("DELETE FROM tokens WHERE study = ?", study));
}

Result<std::int64_t> SqliteStore::count_tokens(std::int64_t study) {
  if (auto usable = check_usable(); !usable) return usable.error();
  Query query(db_, "SELECT count(*) FROM tokens WHERE study = ?", study);
  const auto row = noted(query.next());
  if (!row) return row.error();
  return query.integer();
}

Result<std::optional<TokenRow>> SqliteReader::token(std::string_view sha256) {
  const Snapshot snapshot(*this);
  Query query(db_, "SELECT (SELECT name FROM studies WHERE id = study), "
                   "expires_ns / 1000000000 - unixepoch() FROM tokens WHERE sha256 = ?", sha256);
  const auto row = query.next();
  if (!row) return row.error();
  if (!*row) return std::optional<TokenRow>();
  TokenRow token;
  token.study = query.text();
  token.left = std::chrono::seconds(query.integer());
  return std::optional(std::move(token));
}

}  // namespace hpo::store
