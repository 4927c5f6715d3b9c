// What the store costs, against a bare writer of the same rows. Run: store_bench "[.bench]".
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>

#include "daemon/store/sqlite.hpp"
#include "fixture.hpp"
#include "schema/history.hpp"

using namespace hpo;
using namespace hpo::test;
using Clock = std::chrono::steady_clock;

namespace {

constexpr int dimension = 8;
constexpr int batch_commands = 128;

// As must(), but without Catch2's bookkeeping, which would be measured too.
template <class T>
auto quick(Result<T> result) {
  if (!result) FAIL(told(result.error()));
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

StudySpec wide_spec(int trials) {
  StudySpec spec = spec_of("wide", trials);
  spec.command = {"/bin/true"};
  std::vector<Parameter> parameters;
  for (int d = 0; d < dimension; ++d) {
    parameters.push_back({.name = "parameter_" + std::to_string(d), .domain = FloatDomain{}});
  }
  spec.space = must(SearchSpace::make(parameters));
  return spec;
}

Values values_of(int trial) {
  Values values;
  for (int d = 0; d < dimension; ++d) {
    const std::int64_t mixed = std::int64_t{trial} * 7919 + d * 104'729;
    values.emplace_back(static_cast<double>(mixed % 1'000'003) / 1'000'003.0);
  }
  return values;
}

struct Writer {
  std::unique_ptr<store::Store> store{};
  engine::Study study{};

  Writer(const std::string& db, int trials) : store(open_store(db)) {
    const StudySpec spec = wide_spec(trials);
    const Event event{.at_ns = 1, .body = StudyCreated{}};
    study.spec = std::make_shared<const StudySpec>(spec);
    must(engine::apply(study, event));
    must(store->begin());
    study.id = must(store->create_study(spec, "h", event));
    must(store->commit());
  }

  void happen(Event event) {
    event.at_ns = 1'795'262'694'000'000'000;
    event.history_seq = store->last_history_seq() + 1;
    const auto changes = quick(engine::apply(study, event));
    quick(store->write(study, changes, event));
  }
  void create(int trial) {
    happen({.body = TrialCreated{.trial = trial, .values = values_of(trial),
                                 .origin = Origin::enqueued}});
  }
  void complete(int trial) {
    const std::string job = "hpoabcd" + std::to_string(10'000'000 + trial);
    happen({.body = AttemptSubmitting{.trial = trial, .job = job}});
    happen({.body = AttemptSubmitted{.trial = trial, .job = job, .native_id = "4711:8:ab"}});
    Outcome outcome{.status = OutcomeStatus::completed, .exit_code = 0};
    outcome.value = static_cast<double>(trial % 9973) / 9973.0;
    outcome.metrics = {{"loss", *outcome.value}};
    happen({.body = AttemptEnded{.trial = trial, .outcome = outcome}});
  }
};

// Trials created per second through the store: a savepoint for each, a commit for 128.
double store_rate(const std::string& db, int trials) {
  Writer writer(db, trials);
  const auto start = Clock::now();
  for (int trial = 0; trial < trials;) {
    quick(writer.store->begin());
    for (int i = 0; i < batch_commands && trial < trials; ++i, ++trial) {
      quick(writer.store->savepoint());
      writer.create(trial);
      quick(writer.store->release());
    }
    quick(writer.store->commit());
    quick(writer.store->checkpoint(false));
  }
  return trials / seconds_since(start);
}

// The same rows into the same tables, from one finished database, by SQL alone.
double bare_rate(const std::string& from, const std::string& db, int trials) {
  { Writer writer(db, trials); }
  auto source = quick(store::Database::open(from, "unix", store::Database::Access::read));
  auto sink = quick(store::Database::open(db, "unix-excl", store::Database::Access::write));
  quick(sink.execute("PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 1000"));
  struct Row { std::string params{}; std::string data{}; };
  std::vector<Row> rows;
  store::Query query(source, "SELECT params, data FROM trials JOIN events ON kind = "
                             "'trial_created' AND seq = number + 2 ORDER BY number");
  while (quick(query.next())) {
    const std::string params(query.text());
    rows.push_back({params, std::string(query.text())});
  }
  REQUIRE(rows.size() == static_cast<std::size_t>(trials));
  const auto start = Clock::now();
  for (int trial = 0; trial < trials;) {
    quick(sink.run("BEGIN IMMEDIATE"));
    for (int i = 0; i < batch_commands && trial < trials; ++i, ++trial) {
      const Row& row = rows[static_cast<std::size_t>(trial)];
      quick(sink.run("INSERT INTO trials VALUES(1,?,'waiting','enqueued',?,NULL,0,NULL,'{}',NULL,"
                    "'',NULL,?,0,0,'',0,'',0,0,0,0)",
                    trial, row.params, 1'795'262'694'000'000'000));
      quick(sink.run("INSERT INTO events(at_ns, elapsed_ns, history_seq, study, kind, data) "
                    "VALUES(?,0,1,1,'trial_created',?)", 1'795'262'694'000'000'000, row.data));
    }
    quick(sink.run("COMMIT"));
  }
  return trials / seconds_since(start);
}

double peak_mib() {
  struct rusage usage {};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024.0;
}

template <class F>
void print_latency(const char* name, double limit_ms, F call) {
  std::vector<double> ms;
  for (int i = 0; i < 300; ++i) {
    const auto start = Clock::now();
    call(i);
    ms.push_back(1000.0 * seconds_since(start));
  }
  std::ranges::sort(ms);
  std::cout << name << ": p50 " << ms[150] << " ms, p99 " << ms[297] << " ms (limit " << limit_ms
            << " ms)" << std::endl;
  CHECK(ms[297] <= limit_ms);
}

std::string bench_dir() {
  const char* dir = std::getenv("HPO_BENCH_DIR");
  return dir ? dir : "/tmp";
}

struct Filled {
  std::int64_t study = 0;
  std::int64_t last_history_seq = 0;
  SearchSpace space{};
};

// A study with so many completed trials and 2,000 waiting ones; the WAL is left as by a kill.
Filled fill(const std::string& db, int trials) {
  Writer writer(db, trials + 100'000);
  const auto start = Clock::now();
  for (int trial = 0; trial < trials;) {
    quick(writer.store->begin());
    for (int i = 0; i < 512 && trial < trials; ++i, ++trial) {
      writer.create(trial);
      writer.complete(trial);
    }
    quick(writer.store->commit());
    quick(writer.store->checkpoint(false));
  }
  std::cout << trials << " trials created and completed: " << trials / seconds_since(start)
            << "/s" << std::endl;
  quick(writer.store->begin());
  for (int trial = trials; trial < trials + 2000; ++trial) writer.create(trial);
  quick(writer.store->commit());
  std::cout << "file " << std::filesystem::file_size(db) / 1'000'000 << " MB, WAL "
            << std::filesystem::file_size(db + "-wal") / 1'000'000 << " MB" << std::endl;
  return {writer.study.id, writer.store->last_history_seq(), writer.study.spec->space};
}

void measure_start(const std::string& db) {
  const auto start = Clock::now();
  auto store = open_store(db);
  const auto unfinished = must(store->load_unfinished());
  const double start_s = seconds_since(start);
  std::cout << "start: " << start_s << " s with " << unfinished.front().open.size()
            << " open trials (limit 0.5 s)" << std::endl;
  CHECK(start_s <= 0.5);
}

void measure_history(store::Reader& reader, const Filled& filled, int trials) {
  const double before_mib = peak_mib();
  const auto start = Clock::now();
  const History history = must(reader.history(filled.study, filled.space, filled.last_history_seq));
  const double history_s = seconds_since(start);
  std::cout << "history of " << history.finished_count() << " trials: " << history_s
            << " s (limit 6 s), peak " << peak_mib() << " MiB, before " << before_mib
            << " MiB (limit 1024 MiB)" << std::endl;
  CHECK(history.finished_count() == static_cast<std::size_t>(trials));
  CHECK(history_s <= 6.0);
  CHECK(peak_mib() <= 1024.0);
}

void measure_pages(store::Reader& reader, int trials) {
  print_latency("status", 5.0, [&](int) { quick(reader.study("wide")); });
  print_latency("page of 100 by number", 10.0, [&](int i) {
    char cursor[16];
    std::snprintf(cursor, sizeof cursor, "n%08x", static_cast<unsigned>(i * (trials / 300)));
    quick(reader.trials({.study = "wide", .cursor = cursor}));
  });
  print_latency("page of 100 by state", 10.0, [&](int) {
    quick(reader.trials({.study = "wide", .state = TrialState::waiting}));
  });
  using Sort = store::TrialQuery::Sort;
  std::string next;
  print_latency("page of 100 by value", 10.0, [&](int) {
    next = quick(reader.trials({.study = "wide", .sort = Sort::value, .cursor = next})).next;
  });
}

}  // namespace

TEST_CASE("creating trials against a bare group-commit writer of the same rows", "[.bench]") {
  TempDir dir(bench_dir());
  constexpr int trials = 50'000;
  for (int round = 0; round < 3; ++round) {
    const std::string tag = dir.path() + "/" + std::to_string(round);
    const double ours = store_rate(tag + "ours.db", trials);
    const double bare = bare_rate(tag + "ours.db", tag + "bare.db", trials);
    // The prototype that set the limit was held at 7,700 rows/s by its disk.
    const double slower = 7700.0 / bare < 1.0 ? 7700.0 : bare;
    const double at_prototype = 1.0 / (1.0 + (1.0 / ours - 1.0 / bare) * slower);
    std::cout << "trials created: store " << ours << "/s, bare writer " << bare << "/s, ratio "
              << ours / bare << "; on a disk that gives the bare writer " << slower
              << "/s, ratio " << at_prototype << " (limit 0.7)" << std::endl;
    CHECK(at_prototype >= 0.7);
  }
}

TEST_CASE("a large study: history, status, pages and the start", "[.bench]") {
  const char* text = std::getenv("HPO_BENCH_TRIALS");
  const int trials = text ? std::atoi(text) : 1'000'000;
  TempDir dir(bench_dir());
  const Filled filled = fill(dir.db(), trials);
  measure_start(dir.db());
  auto reader = must(store::Reader::open(dir.db()));
  measure_history(*reader, filled, trials);
  measure_pages(*reader, trials);
}
