// One attempt of a trial in words, as `hpo trial` shows it. No daemon is asked: JSON in, text out.
#pragma once

#include <string>
#include <vector>

#include "cli/json_view.hpp"

namespace hpo::cli {

// The attempt that the trial is shown with: the one whose result it has ended with, or the latest.
// A node without members: there is none yet.
const json::Node& shown_attempt(const json::Node& trial);

// Of a trial or its last attempt. "exit_code" is what "retry" calls it, also where a program has
// told of what was no process.
std::string failure_text(const json::Node& failed, const json::Node& attempt);

// "late: its lease had ended; its result counts, worker w1, ran 3 s". The trial's own message is
// not repeated. `reports`: the trial's, for the step at which a pruner ended the attempt.
std::string attempt_text(const json::Node& trial, const json::Node& attempt,
                         const std::vector<json::Node>& reports);

// Where the attempt's files are, and whether that can be seen from here. Looks at this machine.
std::string files_text(const json::Node& attempt);

}  // namespace hpo::cli
