// The daemon's application/problem+json as a Failure: its words, its list, our exit code. Pure.
#pragma once

#include <string_view>

#include "cli/answer.hpp"
#include "schema/json/node.hpp"

namespace hpo::cli {

Failure failure_of_problem(int http_status, const json::Node& problem);

}  // namespace hpo::cli
