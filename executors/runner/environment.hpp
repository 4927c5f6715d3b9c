// The training's environment: exactly what the study says, plus HPO_… Nothing leaks in.
#pragma once

#include <string>
#include <vector>

#include "executors/runner/attempt.hpp"

namespace hpo::runner {

inline constexpr std::size_t string_bytes_max = 131072;    // Linux: MAX_ARG_STRLEN, with the NUL
inline constexpr std::size_t params_env_bytes_max = 65536;  // sum of all HPO_P_…

struct Environment {
  std::vector<std::string> entries{};  // NAME=value; HPO_JOB first, where a scan finds it fastest
  std::vector<std::string> notes{};    // what was left out, for the training's stderr
};

Environment environment_of(const Attempt& attempt);

// Fills in what this process has and the study does not set: modules, conda and the batch system
// itself have left it there.
void add_own_environment(AttemptSpec& spec);

// "opt.lr-max" -> "HPO_P_OPT_LR_MAX"
std::string variable_of(const std::string& param);

}  // namespace hpo::runner
