// Finds and ends the processes of jobs on this machine by the HPO_JOB in their environment.
//
// A training may fork, change its session and outlive its runner; its environment stays. A scan
// reads all of /proc: for losses, retries, cancels and restarts, not for each poll. Any thread.
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <vector>

#include "executors/runner/process.hpp"
#include "schema/result.hpp"

namespace hpo {

// Living processes of ours that carry one of the names, and everything below them.
std::vector<runner::Process> processes_of_jobs(std::span<const std::string> names);

// SIGKILL to all of them; returns when none is left. Error unavailable: after `patience` one
// still hangs in the kernel.
Result<void> end_processes_of_jobs(std::span<const std::string> names,
                                   std::chrono::milliseconds patience);

}  // namespace hpo
