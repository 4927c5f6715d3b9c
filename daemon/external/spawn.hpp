// Starts a strategy's program: its own process group, three pipes, a limit on memory.
//
// It dies with the thread that started it (PR_SET_PDEATHSIG), so that none outlives the daemon:
// the threads that call this live as long as the daemon does.
#pragma once

#include "daemon/external/launch.hpp"
#include "executors/runner/fd.hpp"

namespace hpo::external {

struct Spawned {
  int pid = 0;            // also its process group
  runner::Fd input{};     // of the program; our ends do not block
  runner::Fd output{};
  runner::Fd error{};
};

// Error: unavailable, if the machine lacks processes, memory or descriptors; invalid_argument, if
// the program could not be executed. Nothing runs then.
Result<Spawned> spawn(const Launch& launch);

}  // namespace hpo::external
