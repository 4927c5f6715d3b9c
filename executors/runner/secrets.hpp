// A study's secrets: files of the user's, read on the node, which become variables of the training.
//
// What they hold is in memory between here and execve, and nowhere else: in no file, argument,
// message or log of ours. Only their names travel. One thread.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "executors/runner/attempt.hpp"
#include "schema/result.hpp"

namespace hpo::runner {

inline constexpr std::size_t secret_bytes_max = 64U * 1024U;

// What `directory`/`name` holds, one newline at its end left out. Error: it is missing, no plain
// file, another user's, open to others or too large; never with a word of what it holds.
Result<std::string> read_secret(const std::string& directory, const std::string& name);

// Why an attempt made from this would not get its secrets, were this its node: one Error for each
// that read_secret refuses, but for what it holds. Empty: all are there.
std::vector<Error> secret_problems(const AttemptSpec& spec);

// The training's variables with its secrets, each in the place of a variable of its name. They are
// looked for in the configuration directory of the training's own HOME, or of this process.
Result<void> add_secrets(const Attempt& attempt, std::vector<std::string>& entries);

}  // namespace hpo::runner
