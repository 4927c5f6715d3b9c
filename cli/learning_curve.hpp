// The learning curve of one trial and what its pruner said, for `hpo trial`. Pure.
#pragma once

#include <string>
#include <vector>

#include "cli/terminal.hpp"
#include "schema/json/node.hpp"

namespace hpo::cli {

// `reports` as the daemon lists those of a trial, in the order of steps.

// Lines; none in a pipe, and of fewer than two values.
std::vector<std::string> learning_curve(const std::vector<json::Node>& reports,
                                        const Terminal& terminal);

// "27, from 3.1 at step 1 to 0.2 at step 27"
std::string steps_text(const std::vector<json::Node>& reports);

// "0 to 3 by attempt 1, 4 to 9 by attempt 3": each step counts once, as the first one told it.
// Empty where one attempt told all.
std::string tellers_text(const std::vector<json::Node>& reports);

// A line for each of the last few decisions that compared something, in the order of steps. What a
// pruner repeats until the training has ended is one.
std::vector<std::string> decision_lines(const std::vector<json::Node>& reports);

}  // namespace hpo::cli
