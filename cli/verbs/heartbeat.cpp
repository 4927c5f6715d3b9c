// hpo heartbeat STUDY/N: a trial that was asked for is still being trained.
#include "cli/api_client.hpp"
#include "cli/arguments.hpp"
#include "cli/json_view.hpp"
#include "cli/output.hpp"
#include "cli/trial_name.hpp"
#include "cli/verbs/verbs.hpp"

namespace hpo::cli {
namespace {

ExitCode renew(const TrialName& name, int fence, bool as_json, const Context& context) {
  auto client = connect(context);
  if (!client) return tell(client.failure(), context.terminal);
  const auto reply = client->post(trial_target(name.study, *name.trial) + ":report",
                                  "{\"fence\":" + std::to_string(fence) + "}");
  if (!reply) return tell(reply.failure(), context.terminal);
  const bool is_stop = member(reply->json, "stop").boolean;
  if (as_json) print_line(reply->body);
  else print_line(is_stop ? "stop" : "go on");
  const std::string reason = text_of(member(reply->json, "reason"));
  if (is_stop && !reason.empty()) note("it should stop: " + reason);
  return is_stop ? ExitCode::stop : ExitCode::ok;
}

}  // namespace

ExitCode heartbeat(Arguments& arguments, const Context& context) {
  std::string trial;
  std::optional<int> fence;
  bool as_json = false;
  arguments.positional("STUDY/N", trial, "a study and a trial's number")
      .option("--fence", "F", fence, 0, "as hpo ask told it")
      .json_flag(as_json)
      .closing("Prints \"go on\" with exit code 0, or \"stop\" with exit code 11.\n");
  if (const auto exit = arguments.parse()) return *exit;
  if (!fence) return arguments.usage_error("--fence is missing");
  const auto name = one_trial(trial);
  if (!name) return tell(failure_of(name.error()), context.terminal);
  return renew(*name, *fence, as_json, context);
}

}  // namespace hpo::cli
