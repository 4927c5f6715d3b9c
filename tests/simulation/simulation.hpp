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

struct Outcome {
  std::vector<std::string> violations{};  // empty: every invariant holds
  std::map<std::string, int> counts{};    // of faults, kills, transitions, failure classes
  int lives = 0;
  int trials = 0;
};

// Deterministic: the same seed and bugs give the same outcome.
Outcome simulate(std::uint64_t seed, const Bugs& bugs);

}  // namespace hpo::sim
