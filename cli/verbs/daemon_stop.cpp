// hpo daemon stop: returns when it is gone; the trainings it started go on.
#include "cli/arguments.hpp"
#include "cli/daemon_process.hpp"
#include "cli/output.hpp"
#include "cli/verbs/verbs.hpp"

namespace hpo::cli {

ExitCode daemon_stop(Arguments& arguments, const Context& context) {
  if (const auto exit = arguments.parse()) return *exit;
  const auto stopped = stop_daemon(context);
  if (!stopped) return tell(stopped.failure(), context.terminal);
  note("the daemon (pid " + std::to_string(stopped->pid) +
       ") has stopped; running trials go on; next: hpo daemon start");
  return ExitCode::ok;
}

}  // namespace hpo::cli
