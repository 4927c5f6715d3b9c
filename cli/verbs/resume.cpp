// hpo resume STUDY: go on with a paused study.
#include "cli/arguments.hpp"
#include "cli/text.hpp"
#include "cli/verbs/change_study.hpp"
#include "cli/verbs/verbs.hpp"

namespace hpo::cli {

ExitCode resume(Arguments& arguments, const Context& context) {
  std::string study;
  bool as_json = false;
  arguments.positional("STUDY", study, "its name").json_flag(as_json);
  if (const auto exit = arguments.parse()) return *exit;
  return post_change({.target = study_target(study) + ":resume",
                      .body = "{}",
                      .next = "hpo watch " + shell_quoted(study)},
                     as_json, context);
}

}  // namespace hpo::cli
