// A store that dies or fails at a chosen COMMIT, or carries a planted bug: a decorator at the seam.
#pragma once

#include <memory>

#include "daemon/store/store.hpp"
#include "tests/simulation/sim_threads.hpp"

namespace hpo::sim {

struct StoreBugs {
  bool acknowledges_before_commit = false;
  bool forgets_events = false;        // now and then a row changes without its event
  bool counts_late_twice = false;     // a late result adds two to its study's counter
  bool forgets_reports = false;       // now and then one that is acknowledged
  bool retells_nothing = false;       // a pruner that is made again begins from nothing
  bool forgets_worker_deaths = false; // a restart: as if no worker job had ever ended in vain
  bool stretches_absences = false;    // a restart: what was looked for once was so for long
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

// Of one life; the store reads it and notes there what took place. It must outlive the store.
struct StoreControl {
  Kill kill{};
  CommitFault fault{};
  StoreBugs bugs{};
  bool has_fired = false;          // kill or fault
  bool is_usurped = false;         // another daemon has opened the same database
  int commits_of_loser = 0;        // that were done nevertheless
  int absences_resumed = 0;        // doubts of a former life that need not be waited for anew
};

std::unique_ptr<store::Store> wrap(std::unique_ptr<store::Store> real, StoreControl& control,
                                   Chance& chance);

}  // namespace hpo::sim
