// For the commonest complaint, "no result": what was expected, what is there, how to mend it.
#pragma once

#include <string>

#include "executors/runner/attempt.hpp"

namespace hpo::runner {

// `why`: what opening the expected file said. Reads two directories.
std::string missing_result(const Attempt& attempt, const Error& why, std::int64_t started_ns);

}  // namespace hpo::runner
