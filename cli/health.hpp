// Whether the daemon takes writes at present, and why not. A daemon that answers is running.
#pragma once

#include <string>

#include "cli/api_client.hpp"

namespace hpo::cli {

// "" if it does: a full disk, or its start or end, otherwise.
std::string unready_reason(ApiClient& client);

// False while it is starting: it answers already, and is ready in a moment.
bool has_started(ApiClient& client);

}  // namespace hpo::cli
