// Starts the training: argv and environment as they are, its own process group, output into pipes.
//
// The training dies with its runner (PR_SET_PDEATHSIG), and the runner inherits every process
// that the training leaves behind (PR_SET_CHILD_SUBREAPER). No terminal reaches it: it is in the
// session of a runner that leads one, else in its own. One thread.
#pragma once

#include "executors/runner/command.hpp"
#include "executors/runner/fd.hpp"
#include "schema/result.hpp"

namespace hpo::runner {

struct Spawned {
  int pid = 0;  // also its process group
  Fd standard_output{};
  Fd standard_error{};
};

// What a process gets; all stay open here.
struct ChildFiles {
  int output = -1;
  int error = -1;
  int inherited = -1;  // keeps its number; -1: none
};

// Error: unavailable if the machine lacks processes, memory or descriptors; else the program
// could not be executed.
Result<Spawned> spawn(const SpawnRequest& request);

// The same with files of the caller's. Returns its pid.
Result<int> spawn_with(const SpawnRequest& request, const ChildFiles& files);

}  // namespace hpo::runner
