// What a study's place says before its first job: asks, tells, and decides. Main thread.
#pragma once

#include <optional>

#include "cli/answer.hpp"
#include "cli/command.hpp"
#include "schema/study.hpp"

namespace hpo::cli {

// Before a study is sent. nullopt: nothing is known to be in its way; notes are on stderr.
// Returns within a few seconds, whatever the scheduler does.
std::optional<Failure> site_refusal(const StudySpec& spec);

// All that there is to know, to stdout, and what is in the way. `validation` is the verdict on the
// file as JSON: set, one document is printed, the same with a member "check".
ExitCode tell_site(const StudySpec& spec, const std::string& validation, const Context& context);

}  // namespace hpo::cli
