// Why trials fail, as one would look it up by hand: the last failed trial's last words and its
// exact command.
#pragma once

#include <optional>
#include <string>

#include "cli/api_client.hpp"
#include "cli/study_view.hpp"

namespace hpo::cli {

// Of a study that paused by itself: whole lines, ending with the command that goes on. "" for
// others. What cannot be fetched is left out.
std::string diagnosis(ApiClient& client, const StudyView& study);

// What the runner started in this attempt's directory, in a form to paste; "" if it is gone.
std::string command_line(const std::string& attempt_directory);

// The last lines of a trial's latest attempt, indented; "" if there are none.
std::string last_words(ApiClient& client, const std::string& study, int trial,
                       const char* stream, std::size_t lines);

}  // namespace hpo::cli
