// The command of an attempt, ready to be executed: placeholders filled in, program found.
//
// All that can be wrong with it by the user's doing is said here, before any process exists.
#pragma once

#include <string>
#include <vector>

#include "executors/runner/attempt.hpp"
#include "schema/result.hpp"

namespace hpo::runner {

struct SpawnRequest {
  std::string program{};                   // absolute, or below workdir
  std::vector<std::string> argv{};
  std::vector<std::string> environment{};  // NAME=value, the secrets too: never shown
  std::string workdir{};
  std::vector<std::string> notes{};        // for the training's stderr
};

// Error: the study's command, workdir or environment is wrong; the remedy is the user's.
Result<SpawnRequest> prepare(const Attempt& attempt);

}  // namespace hpo::runner
