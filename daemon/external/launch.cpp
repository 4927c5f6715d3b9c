// See launch.hpp.
#include "daemon/external/launch.hpp"

#include <sys/stat.h>

#include <map>

#include "executors/runner/program.hpp"

namespace hpo::external {
namespace {

constexpr const char* command_place = "study.json /strategy/command/0";

std::map<std::string, std::string> variables_of(const StudySpec& spec) {
  std::map<std::string, std::string> all = spec.environment.captured;
  for (const auto& [name, value] : spec.environment.vars) all.insert_or_assign(name, value);
  all.insert_or_assign("HPO_STUDY", spec.name);
  return all;
}

bool is_directory(const std::string& path) {
  struct stat found{};
  return ::stat(path.c_str(), &found) == 0 && S_ISDIR(found.st_mode);
}

}  // namespace

Result<Launch> launch_of(const StudySpec& spec) {
  const std::vector<std::string>& command = spec.strategy.external.command;
  if (command.empty() || command.front().empty()) {
    return Error{ErrorCode::invalid_argument, "the external strategy has no command",
                 "study.json /strategy/command", "write [\"python3\", \"my_strategy.py\"]"};
  }
  const std::string workdir = spec.workdir.empty() ? "/" : spec.workdir;
  if (!is_directory(workdir)) {
    return Error{ErrorCode::invalid_argument,
                 "the strategy's program starts in " + workdir + ", which is no directory here",
                 "study.json /workdir", "create it on the node of the daemon, or correct it"};
  }
  const auto variables = variables_of(spec);
  const auto path = variables.find("PATH");
  auto found = runner::find_program(
      command.front(), path == variables.end() ? runner::usual_search_path : path->second, workdir);
  if (!found) {
    return Error{ErrorCode::invalid_argument, "the strategy cannot be started: " +
                 found.error().what + " (" + found.error().where + ")", command_place,
                 found.error().remedy};
  }
  Launch launch{.study = spec.name, .program = *std::move(found), .argv = command,
                .environment = {}, .workdir = workdir,
                .memory_bytes = spec.strategy.external.memory_bytes};
  for (const auto& [name, value] : variables) launch.environment.push_back(name + "=" + value);
  return launch;
}

}  // namespace hpo::external
