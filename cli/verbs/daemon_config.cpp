// hpo daemon config: hpod itself prints what it would use, so the two cannot disagree.
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "cli/arguments.hpp"
#include "cli/output.hpp"
#include "cli/programs.hpp"
#include "cli/verbs/verbs.hpp"
#include "executors/runner/files.hpp"

namespace hpo::cli {

ExitCode daemon_config(Arguments& arguments, const Context& context) {
  if (const auto exit = arguments.parse()) return *exit;
  auto program = find_hpod();
  if (!program) return tell(failure_of(program.error()), context.terminal);
  std::string option = "--print-config";
  char* const argv[] = {program->data(), option.data(), nullptr};
  std::fflush(nullptr);
  ::execv(program->c_str(), argv);
  return tell(failure_of(runner::file_error("cannot start hpod", *program, errno)),
              context.terminal);
}

}  // namespace hpo::cli
