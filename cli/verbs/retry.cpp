// hpo retry STUDY[/N]: failed trials once more, as new trials that name the old ones.
#include "cli/arguments.hpp"
#include "cli/output.hpp"
#include "cli/text.hpp"
#include "cli/trial_name.hpp"
#include "cli/verbs/change_study.hpp"
#include "cli/verbs/verbs.hpp"

namespace hpo::cli {

ExitCode retry(Arguments& arguments, const Context& context) {
  std::string text;
  std::string number;
  bool as_json = false;
  arguments.positional("STUDY[/N]", text, "a study (all its failed trials), or one trial")
      .optional_positional("N", number, "the trial's number")
      .json_flag(as_json);
  if (const auto exit = arguments.parse()) return *exit;
  const auto name = trial_name(text, number);
  if (!name) return tell(failure_of(name.error()), context.terminal);
  const std::string body =
      name->trial ? "{\"trials\":[" + std::to_string(*name->trial) + "]}" : std::string("{}");
  return post_change({.target = study_target(name->study) + ":retry", .body = body,
                      .next = "hpo watch " + shell_quoted(name->study)},
                     as_json, context);
}

}  // namespace hpo::cli
