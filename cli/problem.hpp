// The daemon's application/problem+json as a Failure: its words, its list, our exit code. Pure.
#pragma once

#include <optional>
#include <string_view>

#include "cli/answer.hpp"
#include "schema/connect_file.hpp"
#include "schema/json/node.hpp"

namespace hpo::cli {

Failure failure_of_problem(int http_status, const json::Node& problem);

// The same of a request that showed the token of `file`, if any: where the daemon does not take
// that (401), the remedy is another file in its place, not a header to send.
Failure failure_of_problem(int http_status, const json::Node& problem,
                           const std::optional<ConnectFile>& file);

}  // namespace hpo::cli
