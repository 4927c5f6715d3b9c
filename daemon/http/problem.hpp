// Errors as application/problem+json (RFC 9457). One table from ErrorCode to status.
//
// Pure functions, any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/http/message.hpp"
#include "schema/decode/decode.hpp"
#include "schema/json/node.hpp"

namespace hpo::http {

int status_of(ErrorCode code);
std::string_view title_of(int status);
std::string instance_of(std::uint64_t request);  // as the log names the request

Response problem(const Error& error, std::uint64_t request);
// For what ErrorCode cannot say: 400, 401, 403, 404 of a route, 405, 408, 415, 431.
Response problem(int status, const Error& error, std::uint64_t request);
// A text with several things to mend. REQUIRES: !problems.empty()
Response problem(int status, const std::vector<Problem>& problems, int more,
                 std::uint64_t request);

// What json::parse found, with lines and columns.
std::vector<Problem> to_problems(const std::vector<json::ParseProblem>& found,
                                 std::string_view text);

}  // namespace hpo::http
