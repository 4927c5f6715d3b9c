// Calls of a strategy: what it throws ends here, whatever its type, and becomes an error.
#pragma once

#include <memory>

#include "daemon/loop/threads.hpp"
#include "strategies/strategy.hpp"

namespace hpo::loop {

Result<std::unique_ptr<Strategy>> make_guarded(const StrategyEntry& entry, const StudySpec& spec);

// An ask as it went out, and what came of it on another thread.
struct Asked {
  std::int64_t study = 0;
  std::uint64_t number = 0;  // the question's, or the wait's that the stand-in is to end
  int finished = 0;          // trials that had
  Suggestion suggestion{};
  Result<Proposals> answer = Proposals{};
  std::int64_t took_ns = 0;
  std::uint64_t kept_bytes = 0;
  bool is_fit_due = false;   // beyond those that it has
};

// Asks. On a thread of the strategies.
void carry_out(Asked& asked, Strategy& strategy, const History& history, Threads& threads);

// The fits that are due, by a new object. On the thread of fits.
Result<std::shared_ptr<const Strategy::Fits>> guarded_fit(
    const StrategyEntry& entry, const StudySpec& spec,
    const std::shared_ptr<const Strategy::Fits>& known, const History& history);

// What is wrong with an answer: too many, out of turn, or outside of the space.
// REQUIRES: there is one.
Result<void> check(const SearchSpace& space, const Asked& asked);

}  // namespace hpo::loop
