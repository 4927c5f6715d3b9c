// From what was seen to an Outcome: the table of failure classes, in one place.
//
// In this order: never started, cancelled, time limit, signal, exit code, result. Any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "executors/runner/attempt.hpp"
#include "executors/runner/supervise.hpp"
#include "schema/outcome.hpp"

namespace hpo::runner {

// Of the training, by contract; any other exit code but 0 is a failure.
inline constexpr int exit_infeasible = 3;
inline constexpr int exit_pruned = 4;
inline constexpr int exit_retry = 75;  // EX_TEMPFAIL of sysexits.h

struct Evidence {
  Ended ended{};
  Result<std::string> file{Error{}};  // the result's text, or why there is none
  std::optional<std::string> line{};  // after "hpo-result "
  std::optional<std::int64_t> memory_kills{};  // by the kernel, in our cgroup, meanwhile
  std::string last_lines{};           // of stderr
  std::int64_t started_ns = 0;
  std::int64_t ended_ns = 0;
};

Outcome classify(const Attempt& attempt, const Evidence& evidence);

// By SIGKILL, or a shell says so of its command: what Evidence::memory_kills is looked at for.
bool ended_by_sigkill(const Ended& ended);

// The training never came to life.
Outcome never_started(const Error& error, std::int64_t now_ns);

}  // namespace hpo::runner
