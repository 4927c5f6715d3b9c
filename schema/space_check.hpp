// The rules of a search space, one parameter at a time. For search_space.cpp alone.
#pragma once

#include "schema/search_space.hpp"

namespace hpo {

// Error: invalid_argument, `where` as a JSON pointer below /space.
Result<void> check_parameter(const Parameter& parameter);

}  // namespace hpo
