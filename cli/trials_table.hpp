// The table of `hpo trials`. Pure.
#pragma once

#include <vector>

#include "cli/output.hpp"
#include "schema/json/node.hpp"

namespace hpo::cli {

// A column for each param that has a value in any of them, in the space's order. Last come those
// of which a trial of the list has something to tell: ATTEMPTS, if one had several; STEP, the last
// one that it told; RUNG; REASON, why a trial was pruned or paused, which may be an earlier step's.
Table trials_table(const std::vector<json::Node>& trials, bool is_tty);

}  // namespace hpo::cli
