// Finds and ends the processes of jobs on this machine: by the HPO_JOB in their environment, and by
// the session of the runner.
//
// A training may fork, change its session and outlive its runner; its environment stays. One that
// clears its environment stays in its session. What does both at once is not found. A scan
// reads all of /proc: for losses, retries, cancels and restarts, not for each poll. Any thread.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "executors/runner/claim.hpp"
#include "executors/runner/process.hpp"
#include "schema/result.hpp"

namespace hpo {

struct JobTraces {
  std::vector<std::string> names{};
  std::vector<runner::ProcessId> sessions{};  // of this machine's boot: their leaders, the runners
};

// Adds what a claim or a native id tells of a runner.
void add(JobTraces& traces, const runner::Claim& claim);
void add(JobTraces& traces, const runner::ProcessId& runner);

// Living processes of ours that carry one of the names or are of one of the sessions, and
// everything below them.
std::vector<runner::Process> processes_of_jobs(const JobTraces& traces);

// SIGKILL to all of them; returns when none is left. Error unavailable: after `patience` one
// still hangs in the kernel.
Result<void> end_processes_of_jobs(const JobTraces& traces, std::chrono::milliseconds patience);

}  // namespace hpo
