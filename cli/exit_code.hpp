// The exit codes of hpo: a contract with scripts, the same for every verb.
//
// Plain values, any thread.
#pragma once

#include "schema/result.hpp"

namespace hpo::cli {

enum class ExitCode : int {
  ok = 0,
  error = 1,
  usage = 2,              // wrong arguments, or an invalid study
  not_found = 3,
  authentication = 4,
  conflict = 5,           // not in the present state
  unreachable = 6,        // no daemon answers, or it is another host's
  timeout = 7,            // `daemon stop`: it is still ending
  pending = 8,            // not ended yet, and it will not go on by itself
  no_success = 9,         // the study ended without a successful trial
  failures = 10,          // the study ended by failures above the limit
  stop = 11,              // `report`, `heartbeat`: the training should end now
  temporary = 75,         // the daemon cannot at present, or `ask` has no trial: try again
  interrupted = 130,
};

constexpr int number_of(ExitCode code) { return static_cast<int>(code); }

constexpr ExitCode exit_code_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_argument: return ExitCode::usage;
    case ErrorCode::too_large: return ExitCode::usage;
    case ErrorCode::not_found: return ExitCode::not_found;
    case ErrorCode::conflict: return ExitCode::conflict;
    case ErrorCode::unavailable: return ExitCode::temporary;
    case ErrorCode::no_space: return ExitCode::temporary;
    case ErrorCode::outcome_unknown: return ExitCode::temporary;
    default: return ExitCode::error;
  }
}

constexpr ExitCode exit_code_of_status(int http_status) {
  switch (http_status) {
    case 400: case 413: case 415: case 422: return ExitCode::usage;
    case 401: case 403: return ExitCode::authentication;
    case 404: return ExitCode::not_found;
    case 409: case 412: return ExitCode::conflict;
    case 429: case 503: case 504: case 507: return ExitCode::temporary;
    default: return http_status < 400 ? ExitCode::ok : ExitCode::error;
  }
}

}  // namespace hpo::cli
