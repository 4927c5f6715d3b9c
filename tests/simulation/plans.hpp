// What is to go wrong in a history: drawn from its seed, or one fault as it was asked for.
#pragma once

#include "tests/simulation/sim_disk.hpp"
#include "tests/simulation/simulation.hpp"

namespace hpo::sim {

Faults draw_faults(Chance& chance);

// The part of a planned fault that concerns the executor, or the disk; none: nothing.
CallFault call_fault(const Fault& fault);
DiskFault disk_fault(Fault::Kind kind);
inline bool is_of_files(Fault::Kind kind) { return kind >= Fault::Kind::file_full; }

}  // namespace hpo::sim
