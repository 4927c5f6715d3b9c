// hpo daemon config: hpod itself prints what it would use, so the two cannot disagree.
#include "cli/arguments.hpp"
#include "cli/output.hpp"
#include "cli/programs.hpp"
#include "cli/verbs/verbs.hpp"

namespace hpo::cli {

ExitCode daemon_config(Arguments& arguments, const Context& context) {
  if (const auto exit = arguments.parse()) return *exit;
  const auto program = find_hpod();
  if (!program) return tell(failure_of(program.error()), context.terminal);
  return tell(failure_of(become_hpod(*program, "--print-config")), context.terminal);
}

}  // namespace hpo::cli
