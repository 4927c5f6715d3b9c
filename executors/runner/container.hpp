// The words before a training's own that start it in a container.
//
// The same command, directories, variables and user as without one: only the programs and
// libraries are the image's. Pure functions but for the last one, any thread.
#pragma once

#include <string>
#include <vector>

#include "executors/runner/attempt.hpp"
#include "schema/result.hpp"

namespace hpo::runner {

// What of the node the training keeps.
struct Enclosure {
  std::string workdir{};
  std::vector<std::string> directories{};  // at the same place inside
  std::vector<std::string> variables{};    // by name; "A_*": all that begin with A_
};

std::vector<std::string> contained(const ContainerSpec& container, const Enclosure& kept,
                                   const std::vector<std::string>& command);

// The command of an attempt in the container of its study; as it is, if there is none. Kept are the
// working directory, the trial's directory with its checkpoints, and the study's variables.
std::vector<std::string> contained(const Attempt& attempt, std::vector<std::string> command);

// Error: a directory that no runtime can be told, as it takes some characters for separators; an
// image that should be a file here and is not. Reads the directory of the image.
Result<void> check_container(const Attempt& attempt);

}  // namespace hpo::runner
