// hpo logs STUDY --strategy: what the program of an external strategy wrote to stderr.
#pragma once

#include <string>

#include "cli/command.hpp"

namespace hpo::cli {

ExitCode strategy_logs(const std::string& study, bool as_json, const Context& context);

}  // namespace hpo::cli
