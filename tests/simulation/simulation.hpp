// One seed, one history: a daemon that is killed and started again, clients that insist on their
// requests, a world of faults; and at the end the invariants of what must be true.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/simulation/sim_store.hpp"
#include "tests/simulation/sim_world.hpp"

namespace hpo::sim {

struct Bugs {
  StoreBugs store{};
  ExecutorBugs executor{};
  bool loses_timers_at_restart = false;
};

// One planned fault at the n-th occasion of its kind, in a history without any other.
struct Fault {
  enum class Kind {
    none, kill_before_commit, kill_after_commit, commit_full, commit_unknown, executor_call,
    file_full, file_error
  };
  Kind kind = Kind::none;
  int at = 0;
};

struct Outcome {
  bool has_fired = false;                 // the planned fault took place
  std::vector<std::string> violations{};  // empty: every invariant holds
  std::map<std::string, int> counts{};    // of faults, kills, transitions, failure classes
  int lives = 0;
  int trials = 0;
};

// Deterministic: the same seed and bugs give the same outcome.
Outcome simulate(std::uint64_t seed, const Bugs& bugs);

// submit → dispatch → result of some trials, with one fault.
Outcome simulate(const Fault& fault);

}  // namespace hpo::sim
