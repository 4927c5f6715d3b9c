// hpo helper LANGUAGE: the one file that a training script may want beside it.
#include "cli/arguments.hpp"
#include "cli/embedded.hpp"
#include "cli/output.hpp"
#include "cli/verbs/verbs.hpp"

namespace hpo::cli {

ExitCode helper(Arguments& arguments, const Context&) {
  std::string language;
  arguments.positional("LANGUAGE", language, "python");
  if (const auto exit = arguments.parse()) return *exit;
  if (language != "python") {
    return arguments.usage_error("there is no helper for \"" + language +
                                 "\"; there is one for python");
  }
  print(helper_python);
  return ExitCode::ok;
}

}  // namespace hpo::cli
