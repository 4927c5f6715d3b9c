// The exit codes are a contract with scripts: one case per row of the list in the README.
#include "cli/exit_code.hpp"

#include <catch2/catch.hpp>

using hpo::ErrorCode;
using hpo::cli::exit_code_of;
using hpo::cli::exit_code_of_status;
using hpo::cli::number_of;

TEST_CASE("every error code of ours has its exit code", "[cli]") {
  const auto [code, number] = GENERATE(table<ErrorCode, int>({{ErrorCode::invalid_argument, 2},
                                                              {ErrorCode::too_large, 2},
                                                              {ErrorCode::not_found, 3},
                                                              {ErrorCode::conflict, 5},
                                                              {ErrorCode::unavailable, 75},
                                                              {ErrorCode::no_space, 75},
                                                              {ErrorCode::outcome_unknown, 75},
                                                              {ErrorCode::corrupt, 1},
                                                              {ErrorCode::internal, 1}}));
  CHECK(number_of(exit_code_of(code)) == number);
}

TEST_CASE("every HTTP status of the daemon has its exit code", "[cli]") {
  const auto [status, number] = GENERATE(
      table<int, int>({{200, 0}, {201, 0}, {400, 2}, {401, 4}, {403, 4}, {404, 3}, {409, 5},
                       {413, 2}, {422, 2}, {500, 1}, {503, 75}, {507, 75}}));
  CHECK(number_of(exit_code_of_status(status)) == number);
}
