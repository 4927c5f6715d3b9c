// hpo heartbeat STUDY/N: a trial that was asked for is still being trained.
#include "cli/api_client.hpp"
#include "cli/arguments.hpp"
#include "cli/json_view.hpp"
#include "cli/output.hpp"
#include "cli/trial_name.hpp"
#include "cli/verbs/verbs.hpp"

namespace hpo::cli {
namespace {

struct HeartbeatWords {
  std::string trial{};
  std::optional<int> fence{};
  std::string connect_file{};
  bool as_json = false;
};

ExitCode renew(const TrialName& name, const HeartbeatWords& words, const Context& context) {
  auto client = connect(context, words.connect_file);
  if (!client) return tell(client.failure(), context.terminal);
  const auto reply = client->post(trial_target(name.study, *name.trial) + ":report",
                                  "{\"fence\":" + std::to_string(*words.fence) + "}");
  if (!reply) return tell(reply.failure(), context.terminal);
  const bool is_stop = member(reply->json, "stop").boolean;
  if (words.as_json) print_line(reply->body);
  else print_line(is_stop ? "stop" : "go on");
  const std::string reason = text_of(member(reply->json, "reason"));
  if (is_stop && !reason.empty()) note("it should stop: " + reason);
  return is_stop ? ExitCode::stop : ExitCode::ok;
}

}  // namespace

ExitCode heartbeat(Arguments& arguments, const Context& context) {
  HeartbeatWords words;
  arguments.positional("STUDY/N", words.trial, "a study and a trial's number")
      .option("--fence", "F", words.fence, {.least = 1}, "as hpo ask told it")
      .option("--connect", "FILE", words.connect_file, "by TCP: a file of hpo token")
      .json_flag(words.as_json)
      .closing("Prints \"go on\" with exit code 0, or \"stop\" with exit code 11.\n");
  if (const auto exit = arguments.parse()) return *exit;
  if (!words.fence) return arguments.usage_error("--fence is missing");
  const auto name = one_trial(words.trial);
  if (!name) return tell(failure_of(name.error()), context.terminal);
  return renew(*name, words, context);
}

}  // namespace hpo::cli
