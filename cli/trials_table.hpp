// The table of `hpo trials`. Pure.
#pragma once

#include <vector>

#include "cli/output.hpp"
#include "schema/json/node.hpp"

namespace hpo::cli {

// A column for each param that has a value in any of them, in the space's order. STEP, RUNG and
// REASON come last, each only if a trial of the list has one; a reason is why a trial was pruned
// or paused, and step and rung beside it are where.
Table trials_table(const std::vector<json::Node>& trials, bool is_tty);

}  // namespace hpo::cli
