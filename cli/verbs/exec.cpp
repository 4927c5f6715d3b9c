// hpo exec DIR: one attempt, on the node that trains. main.cpp goes there directly; this file is
// for its help and for mistakes.
#include "cli/arguments.hpp"
#include "cli/verbs/verbs.hpp"
#include "executors/runner/exec.hpp"

namespace hpo::cli {

ExitCode exec(Arguments& arguments, const Context&) {
  std::string directory;
  arguments.positional("DIR", directory, "the attempt's directory, with its attempt.json");
  if (const auto exit = arguments.parse()) return *exit;
  return static_cast<ExitCode>(exec_attempt(directory));
}

}  // namespace hpo::cli
