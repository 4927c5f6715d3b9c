// The peer of durable writes: one writer thread, N blocked clients, SQL and nothing else.
//
//   group_commit DATABASE SCHEMA CLIENTS SECONDS ROWS INSERTS
// SCHEMA is the store's SQL, ROWS a file of lines with tabs between fields, INSERTS a file of
// statements for each row: ?1 is its number, ?2 a time, ?3 … its fields. Each client hands in a
// row, sleeps on its own condition until the COMMIT that holds it has returned, and goes on. WAL
// and FULL as the store has them. With one client its latency is that of a raw commit.
#include <sqlite3.h>

#include <condition_variable>
#include <cstdlib>
#include <deque>
#include <fstream>
#include <iostream>
#include <iterator>
#include <mutex>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/bench/stopwatch.hpp"

namespace {

using namespace hpo::bench;

[[noreturn]] void give_up(const std::string& what) {
  std::cerr << "group_commit: " << what << '\n';
  std::exit(1);
}

using Fields = std::vector<std::string>;

std::vector<std::string> read_lines(const char* path) {
  std::vector<std::string> lines;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  if (lines.empty()) give_up(std::string("no lines in ") + path);
  return lines;
}

Fields split(const std::string& line) {
  Fields fields;
  std::istringstream stream(line);
  for (std::string field; std::getline(stream, field, '\t');) fields.push_back(field);
  return fields;
}

std::vector<Fields> read_rows(const char* path) {
  std::vector<Fields> rows;
  for (const std::string& line : read_lines(path)) rows.push_back(split(line));
  return rows;
}

class Database {
 public:
  Database(const char* path, const char* schema) {
    constexpr int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    check(sqlite3_open_v2(path, &db_, flags, "unix-excl"));
    run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY;"
        "PRAGMA cache_size = -16384; PRAGMA secure_delete = OFF");
    std::ifstream file(schema);
    run(std::string(std::istreambuf_iterator<char>(file), {}).c_str());
  }

  void prepare(const std::vector<std::string>& statements) {
    for (const std::string& sql : statements) {
      sqlite3_stmt* statement = nullptr;
      check(sqlite3_prepare_v2(db_, sql.c_str(), -1, &statement, nullptr));
      statements_.push_back(statement);
    }
  }

  void run(const char* sql) { check(sqlite3_exec(db_, sql, nullptr, nullptr, nullptr)); }

  void insert(int number, const Fields& row) {
    constexpr sqlite3_int64 now_ns = 1'795'262'694'000'000'000;
    for (sqlite3_stmt* statement : statements_) {
      sqlite3_bind_int(statement, 1, number);  // binds nothing where there is no such parameter
      sqlite3_bind_int64(statement, 2, now_ns);
      for (std::size_t i = 0; i < row.size(); ++i) {
        sqlite3_bind_text(statement, static_cast<int>(i) + 3, row[i].data(),
                          static_cast<int>(row[i].size()), SQLITE_STATIC);
      }
      step(statement);
    }
  }

 private:
  void check(int code) const {
    if (code != SQLITE_OK && code != SQLITE_DONE) give_up(sqlite3_errmsg(db_));
  }
  void step(sqlite3_stmt* statement) const {
    check(sqlite3_step(statement));
    sqlite3_reset(statement);
  }

  sqlite3* db_ = nullptr;
  std::vector<sqlite3_stmt*> statements_{};
};

struct Client {
  std::condition_variable wake{};
  bool is_done = false;
  std::vector<double> milliseconds{};
};

class Group {
 public:
  Group(Database& database, std::vector<Fields> rows)
      : database_(database), rows_(std::move(rows)) {}

  void work(int clients, double seconds) {
    const auto start = Clock::now();
    std::vector<Client> all(static_cast<std::size_t>(clients));
    std::vector<std::thread> threads;
    for (Client& each : all) threads.emplace_back([&] { ask(each, start, seconds); });
    write(static_cast<std::size_t>(clients));
    const double elapsed_s = seconds_since(start);
    for (std::thread& thread : threads) thread.join();
    std::vector<double> milliseconds;
    for (const Client& each : all) {
      milliseconds.insert(milliseconds.end(), each.milliseconds.begin(), each.milliseconds.end());
    }
    print_latencies(milliseconds, elapsed_s);
  }

 private:
  void ask(Client& self, Clock::time_point start, double seconds) {
    while (seconds_since(start) < seconds) {
      const auto asked = Clock::now();
      std::unique_lock lock(mutex_);
      self.is_done = false;
      inbox_.push_back(&self);
      writer_.notify_one();
      self.wake.wait(lock, [&] { return self.is_done; });
      lock.unlock();
      self.milliseconds.push_back(1000.0 * seconds_since(asked));
    }
    const std::lock_guard lock(mutex_);
    ++gone_;
    writer_.notify_one();
  }

  void write(std::size_t clients) {
    std::unique_lock lock(mutex_);
    for (;;) {
      writer_.wait(lock, [&] { return !inbox_.empty() || gone_ == clients; });
      if (inbox_.empty()) return;
      const std::deque<Client*> batch = std::exchange(inbox_, {});
      lock.unlock();
      database_.run("BEGIN IMMEDIATE");
      for (std::size_t i = 0; i < batch.size(); ++i, ++number_) {
        database_.insert(number_, rows_[static_cast<std::size_t>(number_) % rows_.size()]);
      }
      database_.run("COMMIT");
      lock.lock();
      for (Client* each : batch) {
        each->is_done = true;
        each->wake.notify_one();
      }
    }
  }

  Database& database_;
  std::vector<Fields> rows_;
  std::mutex mutex_{};
  std::condition_variable writer_{};
  std::deque<Client*> inbox_{};
  std::size_t gone_ = 0;
  int number_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 7) give_up("DATABASE SCHEMA CLIENTS SECONDS ROWS INSERTS");
  Database database(argv[1], argv[2]);
  database.prepare(read_lines(argv[6]));
  Group(database, read_rows(argv[5])).work(std::atoi(argv[3]), std::atof(argv[4]));
}
