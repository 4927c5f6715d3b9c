// lease.json: which daemon, of all hosts, has a state directory.
//
// Locks of a network file system may be blind to other hosts, and what is a local disk to one host
// may be exported to the others; that a rename replaces a file is all that the lease needs. Its
// holder writes it anew every 15 s. Who finds another host's lease watches it for 90 s, on its own
// clock: one that changes belongs to a daemon that lives, one that does not may be taken. A holder
// that was paused, and finds another's lease, ends before it writes. What is left is a pause within
// one write() of more than 90 s.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "executors/runner/process.hpp"
#include "executors/runner/state_origin.hpp"
#include "schema/result.hpp"

namespace hpo::daemon {

using Time = std::chrono::steady_clock::time_point;

inline constexpr std::chrono::seconds lease_watch{90};
inline constexpr std::chrono::seconds lease_renewal{15};
inline constexpr std::chrono::seconds lease_trust{5};  // so long a look is believed

class Lease {
 public:
  struct Surroundings {
    std::function<Time()> now{};
    std::function<void(std::chrono::milliseconds)> pause{};
    std::function<void(const std::string&)> tell{};  // the countdown, a line each
    std::string host{};
    runner::ProcessId process{};
    bool is_local_disk = false;  // so that a host of our name is this one
  };
  // Of this process; the countdown goes to stderr.
  static Surroundings here();

  // Returns when it is ours: at once, unless another host's is there. REQUIRES: daemon.lock held.
  // Error: conflict (its holder lives; says where), or what the file system says.
  static Result<std::unique_ptr<Lease>> take(const std::string& path, Surroundings around);

  // Looks, and writes it anew when that is due. Main thread, about once a second.
  // Error: unavailable if it is another's by now; anything else may pass.
  Result<void> keep();

  // Before each COMMIT: looks again if its last look was more than lease_trust ago. Engine strand.
  Result<void> check();

  void release();  // removes it if it is ours

 private:
  Lease(std::string path, Surroundings around);
  Result<void> write();
  Result<bool> is_there(Time& seen) const;

  std::string path_{};
  runner::StateOrigin origin_{};
  Surroundings in_{};
  std::int64_t counter_ = 0;
  Time written_{};
  Time seen_{};     // by keep(), on its thread
  Time checked_{};  // by check(), on its thread
};

}  // namespace hpo::daemon
