// Where work is done and what time it is: the loop's only way to other threads and to a clock.
//
// The daemon's is AsioThreads; tests have one that holds everything in a single seeded queue with
// a simulated clock, so that a whole history of faults replays from its seed.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>

namespace hpo::loop {

using Work = std::function<void()>;

class Threads {
 public:
  virtual ~Threads() = default;

  virtual void engine(Work work) = 0;    // the engine strand, in order
  virtual void compute(Work work) = 0;   // any thread of the compute pool, low priority
  virtual void elsewhere(Work work) { compute(std::move(work)); }  // waits for a program
  // The same threads, one piece of work after the other. `begins`: on the engine strand, when it is
  // this one's turn.
  virtual void strategy(Work work, Work begins) = 0;
  virtual void strategy_is_stuck() = 0;  // what it is at may never return: go on beside it
  virtual void fit(Work work) = 0;       // likewise, beside strategies: what takes long
  virtual void at_once(Work work) = 0;   // what takes microseconds, behind nothing that takes long
  virtual void executor(const std::string& name, Work work) = 0;  // that executor's strand
  virtual void after(std::chrono::nanoseconds delay, Work work) = 0;  // on the engine strand

  virtual std::int64_t monotonic_ns() = 0;  // for every interval
  virtual std::int64_t utc_ns() = 0;        // for display alone
  virtual std::uint64_t random_bits() = 0;  // for names; never for a search
};

}  // namespace hpo::loop
