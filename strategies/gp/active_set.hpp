// Which points a model keeps when there are more than it can: those that decide about the next.
//
// An eighth of the places for the best, five for the nearest to the very best one, in the kernel's
// distance, the others evenly through the history, so that the rest of the space is not forgotten:
// a local model in the sense of Eriksson et al. (2019), "Scalable global optimization via local
// Bayesian optimization". Pure function, any thread.
#pragma once

#include <vector>

#include "strategies/gp/kernel.hpp"

namespace hpo::gp {

// Rows of `points` (n × axes), ascending: `count` of them, or all if there are no more.
// Of equal targets the later one is the better.
std::vector<Index> active_set(const Kernel& kernel, const Table& points, const Vector& targets,
                              Index count);

}  // namespace hpo::gp
