// Following a study until it ends: for `hpo watch` and `hpo submit --watch`.
#pragma once

#include <string>

#include "cli/api_client.hpp"

namespace hpo::cli {

// ok, no_success or failures when it ended; pending when it paused by itself; interrupted after
// Ctrl-C, which leaves the study running.
ExitCode watch_study(ApiClient& client, const std::string& study, const Context& context);

}  // namespace hpo::cli
