// Starts hpod so that it outlives this shell: its own session, no open files, cwd /.
#pragma once

#include <string>

#include "schema/result.hpp"

namespace hpo::cli {

// The child's pid. Its stdout and stderr go to the end of `log`.
Result<int> spawn_daemon(const std::string& program, const std::string& state_dir,
                         const std::string& log);

}  // namespace hpo::cli
