// An executor on a batch system of our own making, and the files that its jobs would write.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "executors/batch/batch_executor.hpp"
#include "tests/executors/batch/fake_scheduler.hpp"
#include "tests/executors/support.hpp"

namespace hpo::test {

struct Bench {
  World world{};
  FreshDirectory root{};
  ExecutorConfig config{};
  std::unique_ptr<batch::BatchExecutor> executor{};

  Bench();
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;

  void restart();
  void pass(std::chrono::nanoseconds time) { world.now_ns += time.count(); }

  // Of the trial's attempt of that number; `letter` tells submissions apart.
  JobRequest request(char letter, int attempt = 1) const;
  Job submitted(char letter, int attempt = 1);
  // One that an earlier life of the daemon has submitted.
  Job known(char letter, const std::string& id = "7", int attempt = 1) const;
  JobStatus poll(const Job& job);
  JobStatus poll_after_grace(const Job& job);  // result_grace has passed since the end was seen
  JobStatus find(const Job& job);
  void cancel_strays(const std::vector<std::string>& live) { executor->cancel_strays(live); }

  static void claim(const Job& job, const std::string& name, const std::string& id);
  static void write_exit(const Job& job, OutcomeStatus status, std::optional<int> signal = {},
                         std::optional<int> exit_code = {});
};

}  // namespace hpo::test
