// The daemon's threads: one for the engine strand, a few for computing, a strand for each executor.
//
// The engine has a thread of its own because it waits for the disk at every COMMIT. Computing is
// nice, so that a fit never slows the trainings on a shared node, and strategies take one of its
// threads at a time.
#pragma once

#include <memory>

#include "daemon/loop/threads.hpp"

namespace hpo::loop {

class AsioThreads final : public Threads {
 public:
  AsioThreads();
  ~AsioThreads() override;

  void engine(Work work) override;
  void compute(Work work) override;
  void elsewhere(Work work) override;
  void strategy(Work work, Work begins) override;
  void strategy_is_stuck() override;
  void fit(Work work) override;
  void at_once(Work work) override;
  void executor(const std::string& name, Work work) override;
  void after(std::chrono::nanoseconds delay, Work work) override;
  std::int64_t monotonic_ns() override;
  std::int64_t utc_ns() override;
  std::uint64_t random_bits() override;

  // Drops what waits, finishes what is under way.
  void stop();

 private:
  struct Pools;
  std::unique_ptr<Pools> pools_;
};

}  // namespace hpo::loop
