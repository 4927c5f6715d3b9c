// DIR/session: the training's session, so that what is left of it can be found when the runner is
// dead and the training had cleared its environment, HPO_JOB with it. Any thread.
#pragma once

#include <optional>
#include <string>

#include "executors/runner/process.hpp"
#include "schema/result.hpp"

namespace hpo::runner {

// REQUIRES: `leader` is a child that has not been waited for.
Result<void> write_session(const std::string& directory, int leader);

// The leader of the session; nullopt: nothing was started, or on another boot of the machine.
std::optional<ProcessId> read_session(const std::string& directory);

}  // namespace hpo::runner
