// A study of 10⁶ trials: start, history, status and pages. HPO_BENCH_TRIALS makes it smaller.
#include <sys/resource.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <iostream>

#include "bench.hpp"
#include "schema/history.hpp"

using namespace hpo;
using namespace hpo::test;

namespace {

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
