// Why trials fail, as one would look it up by hand: the last failed attempt's last words and its
// exact command.
#pragma once

#include <string>

#include "cli/api_client.hpp"
#include "cli/study_view.hpp"

namespace hpo::cli {

// Of a study that paused by itself: whole lines, ending with the command that goes on. "" for
// others. What cannot be fetched is left out.
std::string diagnosis(ApiClient& client, const StudyView& study);

}  // namespace hpo::cli
