// hpo exec DIR: one attempt, on the node that trains. main.cpp goes there directly; this file is
// for its help and for mistakes.
#include "cli/arguments.hpp"
#include "cli/verbs/verbs.hpp"
#include "executors/runner/exec.hpp"

namespace hpo::cli {

ExitCode exec(Arguments& arguments, const Context&) {
  std::string directory;
  runner::Unprepared why;
  std::optional<int> exit_code;
  arguments.positional("DIR", directory, "the attempt's directory, with its attempt.json")
      .option("--unprepared", "KEY", why.key, "train nothing: this part of \"environment\" failed")
      .option("--code", "N", exit_code, {.least = 0}, "with --unprepared: its exit code")
      .option("--why", "TEXT", why.what, "with --unprepared: what happened");
  if (const auto exit = arguments.parse()) return *exit;
  why.exit_code = exit_code.value_or(0);
  if (!why.key.empty()) return static_cast<ExitCode>(exec_unprepared(directory, why));
  return static_cast<ExitCode>(exec_attempt(directory));
}

}  // namespace hpo::cli
