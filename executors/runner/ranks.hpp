// Ranks that a launcher has started, on this node or on others: not in the tree of our processes.
//
// Told to end, a launcher such as srun kills them at once. So it is not told: the batch system
// tells the ranks, and the launcher ends with them. Thread of the supervisor.
#pragma once

#include <string>
#include <vector>

namespace hpo::runner {

struct RankCare {
  std::string launcher{};           // the name of its program; empty: none is known
  std::vector<std::string> tell{};  // the whole command that tells the ranks of this job
};

bool is_launcher(const RankCare& care, int pid);

// Starts the command, as a child that the supervisor reaps with all others. That the ranks were
// told cannot be known: a job that is being cancelled already refuses it, as it has told them.
// False: it cannot be started.
bool tell_ranks(const RankCare& care);

}  // namespace hpo::runner
