// What both benchmarks of the store use: a writer of one wide study, and a clock.
#pragma once

#include <catch2/catch.hpp>
#include <chrono>
#include <cstdlib>

#include "fixture.hpp"

namespace hpo::test {

using Clock = std::chrono::steady_clock;

inline constexpr int dimension = 8;
inline constexpr int batch_commands = 128;

// As must(), but without Catch2's bookkeeping, which would be measured too.
template <class T>
auto quick(Result<T> result) {
  if (!result) FAIL(told(result.error()));
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

inline double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

inline StudySpec wide_spec(int trials) {
  StudySpec spec = spec_of("wide", trials);
  spec.command = {"/bin/true"};
  std::vector<Parameter> parameters;
  for (int d = 0; d < dimension; ++d) {
    parameters.push_back({.name = "parameter_" + std::to_string(d), .domain = FloatDomain{}});
  }
  spec.space = must(SearchSpace::make(parameters));
  return spec;
}

inline Values values_of(int trial) {
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

// HPO_BENCH_DIR chooses the disk.
inline std::string bench_dir() {
  const char* dir = std::getenv("HPO_BENCH_DIR");
  return dir ? dir : "/tmp";
}

}  // namespace hpo::test
