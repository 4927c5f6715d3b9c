// Files and facts that the build puts into the program.
#pragma once

#include <string_view>

namespace hpo::cli {

extern const std::string_view helper_python;  // executors/runner/helpers/hpo.py
extern const std::string_view hpo_version;    // "0.1.0"

}  // namespace hpo::cli
