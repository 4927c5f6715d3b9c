// The peer of durable writes: one writer thread, N blocked clients, SQL and nothing else.
//
//   group_commit DATABASE SCHEMA CLIENTS SECONDS ROWS
// SCHEMA is the store's SQL, ROWS a file of `params TAB event` lines. Each client hands in a row,
// sleeps on its own condition until the COMMIT that holds it has returned, and goes on. WAL and
// FULL as the store has them. With one client its latency is that of a raw commit.
#include <sqlite3.h>

#include <condition_variable>
#include <cstdlib>
#include <deque>
#include <fstream>
#include <iostream>
#include <iterator>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "tests/bench/stopwatch.hpp"

namespace {

using namespace hpo::bench;

[[noreturn]] void give_up(const std::string& what) {
  std::cerr << "group_commit: " << what << '\n';
  std::exit(1);
}

struct Row {
  std::string params{};
  std::string event{};
};

std::vector<Row> read_rows(const char* path) {
  std::vector<Row> rows;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    const std::size_t tab = line.find('\t');
    if (tab == std::string::npos) give_up(std::string("no tab in a line of ") + path);
    rows.push_back({line.substr(0, tab), line.substr(tab + 1)});
  }
  if (rows.empty()) give_up(std::string("no rows in ") + path);
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
    trial_ = prepare("INSERT INTO trials VALUES(1,?,'waiting','enqueued',?,NULL,0,NULL,'{}',NULL,"
                     "'',NULL,?,0,0,'',0,'',0,0,0,0)");
    event_ = prepare("INSERT INTO events(at_ns, elapsed_ns, history_seq, study, kind, data) "
                     "VALUES(?,0,1,1,'trial_created',?)");
  }

  void run(const char* sql) { check(sqlite3_exec(db_, sql, nullptr, nullptr, nullptr)); }

  void insert(int number, const Row& row) {
    constexpr sqlite3_int64 now_ns = 1'795'262'694'000'000'000;
    sqlite3_bind_int(trial_, 1, number);
    bind(trial_, 2, row.params);
    sqlite3_bind_int64(trial_, 3, now_ns);
    step(trial_);
    sqlite3_bind_int64(event_, 1, now_ns);
    bind(event_, 2, row.event);
    step(event_);
  }

 private:
  void check(int code) const {
    if (code != SQLITE_OK && code != SQLITE_DONE) give_up(sqlite3_errmsg(db_));
  }
  sqlite3_stmt* prepare(const char* sql) const {
    sqlite3_stmt* statement = nullptr;
    check(sqlite3_prepare_v2(db_, sql, -1, &statement, nullptr));
    return statement;
  }
  static void bind(sqlite3_stmt* to, int at, const std::string& text) {
    sqlite3_bind_text(to, at, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
  }
  void step(sqlite3_stmt* statement) const {
    check(sqlite3_step(statement));
    sqlite3_reset(statement);
  }

  sqlite3* db_ = nullptr;
  sqlite3_stmt* trial_ = nullptr;
  sqlite3_stmt* event_ = nullptr;
};

struct Client {
  std::condition_variable wake{};
  bool is_done = false;
  std::vector<double> milliseconds{};
};

class Group {
 public:
  Group(Database& database, std::vector<Row> rows) : database_(database), rows_(std::move(rows)) {}

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
  std::vector<Row> rows_;
  std::mutex mutex_{};
  std::condition_variable writer_{};
  std::deque<Client*> inbox_{};
  std::size_t gone_ = 0;
  int number_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) give_up("DATABASE SCHEMA CLIENTS SECONDS ROWS");
  Database database(argv[1], argv[2]);
  Group(database, read_rows(argv[5])).work(std::atoi(argv[3]), std::atof(argv[4]));
}
