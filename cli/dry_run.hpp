// What trial 0 of a study would do: its command, environment, directory and files.
#pragma once

#include "cli/command.hpp"
#include "schema/study.hpp"

namespace hpo::cli {

// REQUIRES: a study as it would be sent. Sends nothing, writes nothing.
ExitCode dry_run(const StudySpec& spec, bool as_json, const Context& context);

}  // namespace hpo::cli
