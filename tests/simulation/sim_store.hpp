// A store that dies at a chosen COMMIT, or carries a planted bug: a decorator at the seam.
#pragma once

#include <memory>

#include "daemon/store/store.hpp"
#include "tests/simulation/sim_threads.hpp"

namespace hpo::sim {

// Thrown through the daemon to end its life at once, as kill -9 would: nothing tidies up.
struct Killed {};

struct StoreBugs {
  bool acknowledges_before_commit = false;
  bool forgets_events = false;        // now and then a row changes without its event
  bool repeats_events = false;        // an end is counted twice in the log
};

struct Kill {
  int at_commit = 0;        // the n-th COMMIT of this life; 0: never
  bool is_after = false;    // after it became durable, before anybody is told
};

// What the n-th COMMIT answers instead of being done; it has an effect in the first life alone.
struct CommitFault {
  int at_commit = 0;        // 0: never
  ErrorCode code = ErrorCode::no_space;
};

std::unique_ptr<store::Store> wrap(std::unique_ptr<store::Store> real, Kill kill, StoreBugs bugs,
                                   CommitFault fault, Chance& chance, bool& has_fired);

}  // namespace hpo::sim
