// hpo logs STUDY --failed: why its trials failed, alike ones together.
#pragma once

#include <string>

#include "cli/command.hpp"

namespace hpo::cli {

ExitCode failed_logs(const std::string& study, bool as_json, const Context& context);

}  // namespace hpo::cli
