// One seed, one history: a daemon that is killed and started again, clients that insist on their
// requests, a world of faults; and at the end the invariants of what must be true.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "schema/words.hpp"
#include "tests/simulation/sim_store.hpp"
#include "tests/simulation/sim_world.hpp"

namespace hpo {
namespace sim {

enum class LostTimer { none, all, of_polls, of_the_deadline };

struct Bugs {
  StoreBugs store{};
  ExecutorBugs executor{};
  LostTimer lost_timer = LostTimer::none;  // from the first restart on
};

// One planned fault at the n-th occasion of its kind, in a history without any other but
// trainings that fail.
struct Fault {
  enum class Kind {
    none, kill_before_commit, kill_after_commit, commit_full, commit_unknown,
    call_fails, kill_before_call, kill_after_call,
    submit_refused, submit_unclear, submit_late, job_comes_back,
    file_full, file_error, kill_at_file, power_cut_at_file
  };
  Kind kind = Kind::none;
  int at = 0;
};

}  // namespace sim

template <>
inline constexpr auto words<sim::Fault::Kind> = word_table(
    "no fault", "killed before a COMMIT", "killed after a COMMIT", "COMMIT finds the disk full",
    "COMMIT with unknown outcome", "call of the executor fails", "killed before a call",
    "killed after a call", "submission refused", "submission unclear, but accepted",
    "submission unclear, accepted late", "job vanishes and comes back",
    "file operation finds the disk full", "file operation fails", "killed at a file operation",
    "power cut at a file operation");

namespace sim {

struct Report {
  bool has_fired = false;                 // the planned fault took place
  std::vector<std::string> violations{};  // empty: every invariant holds
  std::map<std::string, int> counts{};    // of faults, kills, transitions, failure classes
  int lives = 0;
  int trials = 0;

  bool breaks(std::string_view invariant) const {  // a violation begins with its number
    return std::ranges::any_of(violations, [&](const std::string& violation) {
      return violation.starts_with(invariant);
    });
  }
};

// Deterministic: the same seed and bugs give the same report.
Report simulate(std::uint64_t seed, const Bugs& bugs);

// submit → dispatch → result of some trials, with one fault.
Report simulate(const Fault& fault, const Bugs& bugs);

}  // namespace sim
}  // namespace hpo
