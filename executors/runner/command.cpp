// See command.hpp.
#include "executors/runner/command.hpp"

#include <sys/stat.h>

#include <cerrno>

#include "executors/runner/container.hpp"
#include "executors/runner/environment.hpp"
#include "executors/runner/files.hpp"
#include "executors/runner/placeholders.hpp"
#include "executors/runner/program.hpp"
#include "executors/runner/secrets.hpp"

namespace hpo::runner {
namespace {

Error too_long(const std::string& what) {
  return Error{ErrorCode::invalid_argument,
               what + " has " + std::to_string(string_bytes_max) + " bytes or more",
               "the system's limit for one argument or variable",
               "let the training read the value from $HPO_PARAMS_FILE or {params_file}"};
}

Result<std::vector<std::string>> fill_all(const Attempt& attempt) {
  std::vector<std::string> argv;
  for (const std::string& element : attempt.spec.command) {
    auto filled = fill(element, attempt.placeholders);
    if (!filled) return filled.error();
    if (filled->size() >= string_bytes_max) return too_long("command element \"" + element + "\"");
    if (filled->find('\0') != std::string::npos) {
      return Error{ErrorCode::invalid_argument, "a NUL byte cannot be passed in an argument",
                   "command element \"" + element + "\"",
                   "let the training read the value from $HPO_PARAMS_FILE"};
    }
    argv.push_back(*std::move(filled));
  }
  return argv;
}

Result<void> check_environment(const std::vector<std::string>& entries) {
  for (const std::string& entry : entries) {
    if (entry.size() < string_bytes_max) continue;
    return too_long("environment variable " + entry.substr(0, entry.find('=')));
  }
  return {};
}

Result<void> check_workdir(const std::string& workdir) {
  struct stat found{};
  const bool is_there = ::stat(workdir.c_str(), &found) == 0;
  if (is_there && S_ISDIR(found.st_mode)) return {};
  const int number = is_there ? ENOTDIR : errno;
  return Error{ErrorCode::not_found, "the working directory is missing: " + errno_text(number),
               workdir.empty() ? "(empty)" : workdir,
               "create it, or correct \"workdir\" of the study"};
}

Result<std::string> program_of(const Attempt& attempt, const std::string& name) {
  const auto path = attempt.spec.environment.find("PATH");
  const bool has_path = path != attempt.spec.environment.end();
  auto found = find_program(name, has_path ? path->second : usual_search_path,
                            attempt.spec.workdir);
  if (found || !attempt.spec.container) return found;
  Error error = found.error();
  error.what = "the container's runtime cannot be started: " + error.what;
  error.remedy = "name its module in \"modules\", or choose another \"runtime\"";
  return error;
}

}  // namespace

Result<SpawnRequest> prepare(const Attempt& attempt) {
  auto argv = fill_all(attempt);
  if (!argv) return argv.error();
  if (argv->empty() || argv->front().empty()) {
    return Error{ErrorCode::invalid_argument, "the command is empty", attempt.paths.spec,
                 "give \"command\" a program"};
  }
  if (auto file = fill(attempt.spec.result.file, attempt.placeholders); !file) return file.error();
  Environment environment = environment_of(attempt);
  if (auto added = add_secrets(attempt, environment.entries); !added) return added.error();
  if (auto checked = check_environment(environment.entries); !checked) return checked.error();
  if (auto checked = check_container(attempt); !checked) return checked.error();
  if (auto checked = check_workdir(attempt.spec.workdir); !checked) return checked.error();
  argv = contained(attempt, *std::move(argv));
  auto program = program_of(attempt, argv->front());
  if (!program) return program.error();
  return SpawnRequest{.program = *std::move(program), .argv = *std::move(argv),
                      .environment = std::move(environment.entries),
                      .workdir = attempt.spec.workdir, .notes = std::move(environment.notes)};
}

}  // namespace hpo::runner
