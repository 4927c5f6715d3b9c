// An hpod on simulated time, killed and started again beside a batch system that outlives it.
//
// The loop, the store and the executor of batch systems are the real ones, with Slurm's waits.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "daemon/loop/orchestrator.hpp"
#include "tests/executors/batch/fake_scheduler.hpp"
#include "tests/fresh_directory.hpp"
#include "tests/simulation/sim_threads.hpp"

namespace hpo::test {

class Lives {
 public:
  Lives();
  ~Lives();
  Lives(const Lives&) = delete;
  Lives& operator=(const Lives&) = delete;

  World cluster{};
  std::function<void(const std::string& directory)> trains{};  // in the attempt's; at its end

  void submit(const std::string& study);       // one trial, on slurm; until its job is there
  void pass(std::chrono::nanoseconds time);
  void restart();                              // as kill -9 and a start
  void begin_job() { cluster.jobs.at(0).phase = batch::Phase::running; }
  void end_job();                              // the newest, with a result
  std::string stray() const;                   // the name of one that nobody knows

  std::unique_ptr<store::Reader> reader() const;
  store::StudyRow row(const std::string& study) const { return *reader()->study(study); }

 private:
  std::string database() const { return root_.path() + "/hpo.db"; }
  loop::Orchestrator::Parts parts();
  void begin();
  void end();

  FreshDirectory root_{parent_in_memory()};
  sim::Chance chance_{1};
  std::int64_t now_ns_ = 1'000'000'000;
  std::string installation_{};
  std::unique_ptr<sim::SimThreads> threads_{};
  std::unique_ptr<loop::Orchestrator> orchestrator_{};
};

}  // namespace hpo::test
