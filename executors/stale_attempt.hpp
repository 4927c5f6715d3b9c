// The directory of an attempt may hold one of another database: hpo.db was deleted, or an older
// copy restored, and the directories stayed. Nothing in it may be taken for ours.
#pragma once

#include <chrono>

#include "executors/executor.hpp"

namespace hpo {

// Ends what still runs of it on this machine (it would write into our files), then renames the
// directory DIR to DIR.stale.N, with the attempt's checkpoints inside, and says so in the new
// runner.log. Nothing is deleted. Does nothing if the directory is not there, or is ours.
// Error unavailable: a process hangs, or the file system refuses; try again.
Result<void> move_stale_attempt(const Job& job, std::chrono::milliseconds patience);

}  // namespace hpo
