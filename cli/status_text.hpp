// The words of `hpo status`. Pure.
#pragma once

#include <string>
#include <vector>

#include "cli/output.hpp"
#include "cli/study_view.hpp"

namespace hpo::cli {

Table status_table(const std::vector<StudyView>& studies, const Terminal& terminal);

// One study in a few lines.
std::string status_text(const StudyView& study, const Terminal& terminal);

Style style_of(const StudyView& study);
Style style_of(std::string_view trial_state);

// A trial's state; of a running one whose job has not started, that of its attempt: "queued".
std::string trial_state(const json::Node& trial);

// "28 completed, 2 failed, 2 running"; without the zeros
std::string counts_text(const TrialCounts& trials);

// "lr=0.001 width=64"
std::string params_text(const json::Node& params);

}  // namespace hpo::cli
