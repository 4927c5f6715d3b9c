// What is told of a warm training's script that is late for its trials, or ended before them. One
// thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "schema/result.hpp"

namespace hpo::runner {

// How a child of ours whose socket has closed ended, as waitpid() tells; waits ≤ 2 s. nullopt: it
// goes on, or we were told to end.
std::optional<int> await_status(int pid);

// not_found: a signal ended it, which is no proof of a broken script; else invalid_argument. Its
// first line has the last one that the script printed. `error`: what the socket said.
Error never_ready(const Error& error, const std::optional<int>& status, const std::string& log,
                  const std::vector<std::string>& argv);

// It may load, or never be ready: one line. `log`: where it prints.
std::string slow_text(std::chrono::seconds time, const std::string& log);

// Where to look: the log, or where that is empty, and will not stay, the command.
std::string warm_place(const std::string& log, const std::vector<std::string>& argv);

}  // namespace hpo::runner
