// hpo cancel STUDY[/N]: cannot be undone, so it asks on a terminal and wants --yes in a script.
#include <optional>

#include "cli/api_client.hpp"
#include "cli/arguments.hpp"
#include "cli/output.hpp"
#include "cli/text.hpp"
#include "cli/trial_name.hpp"
#include "cli/verbs/change_study.hpp"
#include "cli/verbs/verbs.hpp"

namespace hpo::cli {
namespace {

std::string shown(const TrialName& name) {
  return name.trial ? "trial " + std::to_string(*name.trial) + " of " + name.study
                    : "study " + name.study;
}

Change change_of(const TrialName& name) {
  const std::string target =
      name.trial ? trial_target(name.study, *name.trial) : study_target(name.study);
  return {.target = target + ":cancel", .body = "{}",
          .about = name.trial ? shown(name) + " is being cancelled; " : "",
          .next = "hpo status " + shell_quoted(name.study)};
}

// Before anybody is asked to confirm: is there anything to cancel?
std::optional<Failure> failure_to_find(const TrialName& name, const Context& context) {
  auto client = connect(context);
  if (!client) return client.failure();
  const auto reply = client->get(name.trial ? trial_target(name.study, *name.trial)
                                            : study_target(name.study));
  return reply ? std::nullopt : std::optional(reply.failure());
}

}  // namespace

ExitCode cancel(Arguments& arguments, const Context& context) {
  std::string text;
  std::string number;
  bool is_sure = false;
  bool as_json = false;
  arguments.positional("STUDY[/N]", text, "a study, or one of its trials")
      .optional_positional("N", number, "the trial's number")
      .flag("-y,--yes", is_sure, "do not ask")
      .json_flag(as_json);
  if (const auto exit = arguments.parse()) return *exit;
  const auto name = trial_name(text, number);
  if (!name) return tell(failure_of(name.error()), context.terminal);
  if (!is_sure) {
    const auto failure = failure_to_find(*name, context);
    if (failure) return tell(*failure, context.terminal);
  }
  if (!is_sure && !context.terminal.takes_input) {
    return arguments.usage_error("cancelling " + shown(*name) +
                                 " cannot be undone: confirm with --yes");
  }
  if (!is_sure && !confirm("cancel " + shown(*name) + " for good?")) {
    note("nothing was cancelled");
    return ExitCode::error;
  }
  return post_change(change_of(*name), as_json, context);
}

}  // namespace hpo::cli
