// Where a worker's attempts lie: in the study's directory if this machine shares it with hpod,
// else in a directory of the worker's own. Results travel by the exchange either way; what
// trainings print and save stays where it is written. One thread.
#pragma once

#include <optional>
#include <string>

#include "cli/worker/assignment.hpp"
#include "schema/connect_file.hpp"

namespace hpo::cli::worker {

struct PlaceWish {
  std::string directory{};  // --directory; empty: none was typed
  std::string workdir{};    // --workdir; likewise
  std::optional<ConnectFile> remote{};
};

// Is `study_directory` in the state directory of the daemon with this certificate?
bool shares_state(const std::string& study_directory, const std::string& fingerprint);

// Sets work's directory and workdir for this machine; true: the directory is the worker's own.
// Error: invalid_argument if the working directory is not here; that of making a directory.
Result<bool> settle(Work& work, const PlaceWish& wish);

}  // namespace hpo::cli::worker
