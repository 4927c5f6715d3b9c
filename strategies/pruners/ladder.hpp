// The rungs of a fidelity, and how Hyperband shares its trials among first rungs.
//
// Pure functions, any thread.
#pragma once

#include <cstdint>
#include <vector>

#include "schema/study.hpp"

namespace hpo::pruning {

// min · eta^k, rounded, for k = 0, 1, … as long as that is below max: at max a trial is whole.
// At most 30. REQUIRES: min < max, eta >= 2
std::vector<std::int64_t> rung_steps(const FidelitySpec& fidelity);

// How many of so many trials begin at rung b = 0, 1, …: with s = s_max - b and s_max the greatest s
// with min · eta^s <= max, ceil((s_max + 1) / (s + 1) · eta^s) (Li et al. 2018, JMLR 18:185,
// algorithm 1, line 3). The last of them has no rung if max / min is a power of eta.
std::vector<double> bracket_sizes(const FidelitySpec& fidelity);

}  // namespace hpo::pruning
