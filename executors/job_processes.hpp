// Finds and ends the processes of jobs on this machine: by the HPO_JOB in their environment, and by
// the session of the training.
//
// A training may fork, change its session and outlive its runner; its environment stays. One that
// clears its environment stays in its session. What does both at once is not found. A scan
// reads all of /proc: for losses, retries, cancels and restarts, not for each poll. Any thread.
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <vector>

#include "executors/runner/process.hpp"
#include "schema/result.hpp"

namespace hpo {

struct JobTraces {
  std::vector<std::string> names{};
  std::vector<runner::ProcessId> sessions{};  // their leaders, as runner/session_file.hpp has them
};

// Living processes of ours that carry one of the names or are of one of the sessions, and
// everything below them.
std::vector<runner::Process> processes_of_jobs(const JobTraces& traces);
std::vector<runner::Process> processes_of_jobs(std::span<const std::string> names);

// SIGKILL to all of them; returns when none is left. Error unavailable: after `patience` one
// still hangs in the kernel.
Result<void> end_processes_of_jobs(const JobTraces& traces, std::chrono::milliseconds patience);
Result<void> end_processes_of_jobs(std::span<const std::string> names,
                                   std::chrono::milliseconds patience);

}  // namespace hpo
