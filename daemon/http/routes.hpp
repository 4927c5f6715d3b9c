// The table of routes: what schema/openapi.yaml describes, one row each; a test compares the two.
#pragma once

#include <vector>

#include "daemon/http/router.hpp"

namespace hpo::http {

const std::vector<Route>& routes();

}  // namespace hpo::http
