// How a strategy's program is started: which file, which words, which environment. Any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "schema/study.hpp"

namespace hpo::external {

struct Launch {
  std::string study{};
  std::string program{};                   // absolute
  std::vector<std::string> argv{};
  std::vector<std::string> environment{};  // NAME=value
  std::string workdir{};
  std::int64_t memory_bytes = 0;           // of each of its processes
};

// As a training on this node gets it: the study's environment and workdir, nothing of the daemon's.
// Error: invalid_argument or not_found; the program or workdir is not there, or cannot be executed.
Result<Launch> launch_of(const StudySpec& spec);

}  // namespace hpo::external
