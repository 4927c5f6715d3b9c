// name=value words as params: each value read in its parameter's type. Pure.
#pragma once

#include <string>
#include <vector>

#include "schema/search_space.hpp"

namespace hpo::cli {

// {"params":{"lr":0.001}}: what POST …/trials takes. Error: invalid_argument for a word without
// "=", a name that the space lacks (with the nearest one), a name given twice, or a value of
// another type. Bounds are left to the daemon, which tells them better.
Result<std::string> params_body(const SearchSpace& space, const std::vector<std::string>& words);

}  // namespace hpo::cli
