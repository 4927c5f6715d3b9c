// The end of an attempt whose job script could not prepare the training on its node.
//
// What the study itself asks for (a module, an environment, its own shell lines) fails again as
// it has failed: it is told at once, as spawn_failed, and not as a fault of the site. Any thread.
#pragma once

#include <cstdint>
#include <string>

#include "executors/runner/attempt.hpp"
#include "schema/outcome.hpp"

namespace hpo::runner {

struct Unprepared {
  std::string key{};   // of the study's "environment": modules, conda, venv or setup
  int exit_code = 0;   // of what failed; 75 asks for another attempt, as a training's does
  std::string what{};  // "'module load cuda' failed"
};

// With the last lines of job.log, which is where the cause stands.
Outcome unprepared(const Attempt& attempt, const Unprepared& why, std::int64_t now_ns);

}  // namespace hpo::runner
