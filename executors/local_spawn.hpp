// Starts a runner on this machine: `hpo exec DIR`, a session of its own, nothing inherited.
#pragma once

#include <string>

#include "executors/executor.hpp"
#include "executors/runner/process.hpp"

namespace hpo {

// Error: invalid_argument if the program is missing or no program, no_space if its log cannot be
// made, unavailable if the machine has no process or memory to spare. Nothing runs then.
Result<runner::ProcessId> spawn_runner(const std::string& hpo_program, const Job& job);

}  // namespace hpo
