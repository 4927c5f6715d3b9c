// Files and facts that the build puts into the program.
#pragma once

#include <string_view>

namespace hpo::cli {

// Of executors/runner/helpers: hpo.py, hpo.hpp, hpo.sh.
extern const std::string_view helper_python;
extern const std::string_view helper_cpp;
extern const std::string_view helper_sh;
extern const std::string_view hpo_version;  // "0.1.0"

}  // namespace hpo::cli
