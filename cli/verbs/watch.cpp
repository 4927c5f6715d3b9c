// hpo watch STUDY: live on a terminal, a line per change in a pipe.
#include "cli/watch_study.hpp"

#include "cli/arguments.hpp"
#include "cli/output.hpp"
#include "cli/verbs/verbs.hpp"

namespace hpo::cli {

ExitCode watch(Arguments& arguments, const Context& context) {
  std::string study;
  arguments.positional("STUDY", study, "its name")
      .closing("Exit codes: 0 it ended with a best trial, 8 it paused by itself, 9 it ended\n"
               "without one, 10 it ended by failures above the limit, 130 Ctrl-C.\n");
  if (const auto exit = arguments.parse()) return *exit;
  auto client = connect(context);
  if (!client) return tell(client.failure(), context.terminal);
  return watch_study(*client, study, context);
}

}  // namespace hpo::cli
