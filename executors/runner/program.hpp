// Which file a command means: the search that a shell would do, without one.
#pragma once

#include <string>

#include "schema/result.hpp"

namespace hpo::runner {

// Where nobody has set a PATH.
inline constexpr const char* usual_search_path = "/usr/local/bin:/usr/bin:/bin";

// A name with a slash is relative to workdir; else the PATH is searched. Error: not_found or
// invalid_argument (not executable), with what was looked at.
Result<std::string> find_program(const std::string& name, const std::string& search_path,
                                 const std::string& workdir);

}  // namespace hpo::runner
