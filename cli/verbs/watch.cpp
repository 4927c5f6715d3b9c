// hpo watch STUDY: live on a terminal, a line per change in a pipe.
#include "cli/watch_study.hpp"

#include "cli/arguments.hpp"
#include "cli/output.hpp"
#include "cli/verbs/verbs.hpp"

namespace hpo::cli {

ExitCode watch(Arguments& arguments, const Context& context) {
  std::string study;
  arguments.positional("STUDY", study, "its name");
  if (const auto exit = arguments.parse()) return *exit;
  auto client = connect(context);
  if (!client) return tell(client.failure(), context.terminal);
  return watch_study(*client, study, context);
}

}  // namespace hpo::cli
