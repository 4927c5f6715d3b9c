// Who may include whom, between our folders and of other people's headers; no cycles.
#pragma once

#include "tests/tidy/source.hpp"

namespace hpo::tidy {

Findings check_folder_includes(const Source& source);

// Follows our own headers, so that a header cannot carry a library to where it is not wanted.
Findings check_library_includes(const std::vector<Source>& sources);

Findings check_include_cycles(const std::vector<Source>& sources);

}  // namespace hpo::tidy
