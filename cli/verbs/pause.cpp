// hpo pause STUDY: start no further trials; those that run go on.
#include "cli/arguments.hpp"
#include "cli/text.hpp"
#include "cli/verbs/change_study.hpp"
#include "cli/verbs/verbs.hpp"

namespace hpo::cli {

ExitCode pause(Arguments& arguments, const Context& context) {
  std::string study;
  bool as_json = false;
  arguments.positional("STUDY", study, "its name").json_flag(as_json);
  if (const auto exit = arguments.parse()) return *exit;
  return post_change({.target = study_target(study) + ":pause",
                      .body = "{}",
                      .next = "hpo resume " + shell_quoted(study)},
                     as_json, context);
}

}  // namespace hpo::cli
