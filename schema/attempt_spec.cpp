// What a study's attempts have in common, in one place: the daemon and `submit --dry-run` use it.
#include "schema/attempt_spec.hpp"

#include "schema/decode/placeholders.hpp"

namespace hpo {
namespace {

// A batch system's job sets what was captured before its modules are loaded: see job.sh.
std::map<std::string, std::string> environment_of(const StudySpec& spec) {
  std::map<std::string, std::string> all;
  if (!is_batch(spec.executor.type)) all = spec.environment.captured;
  if (spec.executor.cpus > 1) {  // the usual threads, unless the study says otherwise
    all.insert_or_assign("OMP_NUM_THREADS", std::to_string(spec.executor.cpus));
  }
  for (const auto& [name, value] : spec.environment.vars) all.insert_or_assign(name, value);
  return all;
}

bool names_what_has_no_value(const std::string& element, const SearchSpace& space,
                             const Values& values) {
  for (const decode::Placeholder& placeholder : decode::find_placeholders(element)) {
    const auto parameter = placeholder.is_replaced ? space.index_of(placeholder.name)
                                                   : std::nullopt;
    if (parameter && !is_active(values[*parameter])) return true;
  }
  return false;
}

}  // namespace

std::vector<std::string> command_of(const StudySpec& spec, const Values& values) {
  if (!spec.space.has_conditions()) return spec.command;
  std::vector<std::string> command;
  for (const std::string& element : spec.command) {
    if (!names_what_has_no_value(element, spec.space, values)) command.push_back(element);
  }
  return command;
}

AttemptSpec attempt_spec_of(const StudySpec& spec) {
  return {.study = spec.name,
          .metric = spec.objective.metric,
          .command = spec.command,
          .workdir = spec.workdir,
          .environment = environment_of(spec),
          .secrets = spec.environment.secrets,
          .container = spec.environment.container,
          .adds_to_own = is_batch(spec.executor.type),
          .fidelity_max = spec.fidelity_max(),
          .cpus = spec.executor.cpus,
          .hides_devices = spec.executor.gpus > 0 && !is_batch(spec.executor.type),
          .time = spec.executor.time,
          .grace = spec.executor.grace,
          .result = spec.result,
          .is_warm = spec.is_warm};
}

}  // namespace hpo
