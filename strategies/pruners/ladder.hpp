// How Hyperband shares its trials among first rungs. Pure, any thread.
#pragma once

#include <vector>

#include "schema/study.hpp"

namespace hpo::pruning {

// How many of so many trials begin at rung b = 0, 1, …: with s = s_max - b and s_max the greatest s
// with min · eta^s <= max, ceil((s_max + 1) / (s + 1) · eta^s) (Li et al. 2018, JMLR 18:185,
// algorithm 1, line 3). The last of them has no rung if max / min is a power of eta.
std::vector<double> bracket_sizes(const FidelitySpec& fidelity);

}  // namespace hpo::pruning
