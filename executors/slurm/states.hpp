// Slurm's words for the state of a job. Pure functions, any thread.
#pragma once

#include <string_view>

#include "executors/batch/scheduler.hpp"

namespace hpo::slurm {

using batch::Phase;

// `state` as squeue's %T or sacct's State, "CANCELLED by 1001" too; `reason` as squeue's %r.
Phase phase_of(std::string_view state, std::string_view reason);

// "CANCELLED" of "CANCELLED by 1001" and of "CANCELLED+".
std::string_view bare_state(std::string_view state);

}  // namespace hpo::slurm
