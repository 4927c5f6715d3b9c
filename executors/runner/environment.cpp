// See environment.hpp.
#include "executors/runner/environment.hpp"

#include <unistd.h>

#include <map>
#include <string_view>

namespace hpo::runner {
namespace {

using Variables = std::map<std::string, std::string>;

void add_identity(const Attempt& attempt, Variables& variables) {
  const AttemptSpec& spec = attempt.spec;
  variables["HPO_STUDY"] = spec.study;
  variables["HPO_TRIAL"] = std::to_string(spec.trial);
  variables["HPO_ATTEMPT"] = std::to_string(spec.attempt);
  variables["HPO_SEED"] = std::to_string(spec.seed);
  variables["HPO_SLOT"] = std::to_string(spec.slot);
  if (spec.fidelity_max) variables["HPO_FIDELITY_MAX"] = std::to_string(*spec.fidelity_max);
}

void add_files(const Attempt& attempt, Variables& variables) {
  variables["HPO_PARAMS_FILE"] = attempt.paths.params;
  variables["HPO_RESULT_FILE"] = attempt.paths.result;
  variables["HPO_METRICS_FILE"] = attempt.paths.metrics;
  variables["HPO_STOP_FILE"] = attempt.paths.stop;
  variables["HPO_TRIAL_DIR"] = attempt.paths.directory;
  variables["HPO_CHECKPOINT_DIR"] = attempt.paths.checkpoint;
  if (!attempt.spec.checkpoint_from.empty()) {
    variables["HPO_CHECKPOINT_FROM"] = attempt.spec.checkpoint_from;
  }
}

void add_devices(const AttemptSpec& spec, Variables& variables) {
  if (!spec.hides_devices) return;
  std::string list;
  for (const int device : spec.devices) list += (list.empty() ? "" : ",") + std::to_string(device);
  variables["CUDA_VISIBLE_DEVICES"] = list;
}

std::size_t params_bytes(const std::vector<Param>& params) {
  std::size_t sum = 0;
  for (const Param& param : params) sum += variable_of(param.name).size() + param.text.size() + 2;
  return sum;
}

void add_params(const Attempt& attempt, Variables& variables, std::vector<std::string>& notes) {
  if (params_bytes(attempt.params) > params_env_bytes_max) {
    notes.push_back("the params exceed " + std::to_string(params_env_bytes_max) +
                    " bytes, so HPO_P_… are not set; read $HPO_PARAMS_FILE");
    return;
  }
  for (const Param& param : attempt.params) {
    if (param.text.find('\0') == std::string::npos) {
      variables[variable_of(param.name)] = param.text;
    } else {
      notes.push_back("the value of '" + param.name + "' holds a NUL byte, so " +
                      variable_of(param.name) + " is not set; read $HPO_PARAMS_FILE");
    }
  }
}

}  // namespace

std::string variable_of(const std::string& param) {
  std::string name = "HPO_P_";
  for (const char c : param) {
    const bool is_lower = c >= 'a' && c <= 'z';
    name += c == '.' || c == '-' ? '_' : is_lower ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return name;
}

Environment environment_of(const Attempt& attempt) {
  Environment environment;
  Variables variables = attempt.spec.environment;
  add_identity(attempt, variables);
  add_files(attempt, variables);
  add_devices(attempt.spec, variables);
  add_params(attempt, variables, environment.notes);
  variables.erase("HPO_JOB");
  environment.entries.push_back("HPO_JOB=" + attempt.job);
  for (const auto& [name, value] : variables) environment.entries.push_back(name + "=" + value);
  return environment;
}

void add_own_environment(AttemptSpec& spec) {
  for (char** entry = ::environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos || equals == 0) continue;
    spec.environment.try_emplace(std::string(text.substr(0, equals)), text.substr(equals + 1));
  }
}

}  // namespace hpo::runner
