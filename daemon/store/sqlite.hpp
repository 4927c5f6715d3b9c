// SQLite behind RAII: a connection with its cached statements, and one use of a statement.
//
// Nothing here knows a table. A Database and its queries belong to one thread at a time.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>

#include "schema/result.hpp"

namespace hpo::store {

// Of a database that cannot be read: nothing of it is thrown away.
inline constexpr std::string_view damage_remedy =
    "move hpo.db and hpo.db-wal away and keep them, put a copy of yours in their place if there is "
    "one, then: hpo daemon start";

class Database {
 public:
  enum class Access { write, read };
  // Error: unavailable if the file cannot be opened. SQLite reads it at the first statement.
  static Result<Database> open(const std::string& path, const std::string& vfs, Access access);

  // For fixed text, several statements: schema and transactions' ends.
  Result<void> execute(const std::string& sql);
  // Runs a statement without rows. `sql` is a literal: its address is the cache's key.
  template <class... T>
  Result<void> run(const char* sql, const T&... values);

  int changes() const { return sqlite3_changes(handle()); }
  std::int64_t last_row() const { return sqlite3_last_insert_rowid(handle()); }
  bool in_transaction() const { return sqlite3_get_autocommit(handle()) == 0; }
  const std::string& path() const { return path_; }
  sqlite3* handle() const { return handle_.get(); }

  // nullptr: the text did not compile, see error().
  sqlite3_stmt* statement(const char* sql);
  // What the last call on this connection ran into, in our words.
  Error error(int rc) const;

 private:
  struct Close { void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); } };
  struct Finalize { void operator()(sqlite3_stmt* s) const { sqlite3_finalize(s); } };

  std::string path_{};
  std::unique_ptr<sqlite3, Close> handle_{};
  std::unordered_map<const char*, std::unique_ptr<sqlite3_stmt, Finalize>> statements_{};
};

// One use of a cached statement, from binding to reset: an open one would hold back checkpoints.
class Query {
 public:
  // Texts are not copied: they must live until the Query is gone.
  template <class... T>
  Query(Database& database, const char* sql, const T&... values)
      : database_(database), statement_(database.statement(sql)) {
    if (statement_) (bind(values), ...);
  }
  ~Query();
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

  Result<bool> next();  // true: there is a row, and its columns are read from the first on
  Result<void> run();   // of a statement without rows

  // The next column of the row.
  std::int64_t integer() { return sqlite3_column_int64(statement_, column_++); }
  int number() { return static_cast<int>(integer()); }
  double real() { return sqlite3_column_double(statement_, column_++); }
  std::string_view text();  // valid until next()
  bool is_null() const { return sqlite3_column_type(statement_, column_) == SQLITE_NULL; }
  std::optional<std::int64_t> maybe_integer();
  std::optional<int> maybe_number();
  std::optional<double> maybe_real();

 private:
  template <class T>
  void bind(const T& value);
  void bind_text(std::string_view text);

  Database& database_;
  sqlite3_stmt* statement_;
  int parameter_ = 1;
  int column_ = 0;
};

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};

template <class T>
void Query::bind(const T& value) {
  if constexpr (IsOptional<T>::value) {
    if (value) return bind(*value);
    sqlite3_bind_null(statement_, parameter_++);
  } else if constexpr (std::is_integral_v<T>) {
    sqlite3_bind_int64(statement_, parameter_++, static_cast<std::int64_t>(value));
  } else if constexpr (std::is_floating_point_v<T>) {
    sqlite3_bind_double(statement_, parameter_++, value);
  } else {
    bind_text(value);
  }
}

template <class... T>
Result<void> Database::run(const char* sql, const T&... values) {
  return Query(*this, sql, values...).run();
}

}  // namespace hpo::store
