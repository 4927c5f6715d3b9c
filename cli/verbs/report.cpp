// hpo report STUDY/N STEP NAME=NUMBER…: a step of a trial that was asked for; may it go on?
#include <charconv>

#include "cli/api_client.hpp"
#include "cli/arguments.hpp"
#include "cli/json_view.hpp"
#include "cli/output.hpp"
#include "cli/trial_name.hpp"
#include "cli/typed_metrics.hpp"
#include "cli/verbs/verbs.hpp"
#include "schema/json/writer.hpp"

namespace hpo::cli {
namespace {

struct ReportWords {
  std::string trial{};
  std::string step{};
  std::vector<std::string> metrics{};
  std::optional<int> fence{};
  std::string connect_file{};
  bool as_json = false;
};

Result<std::int64_t> step_of(const std::string& word) {
  std::int64_t step = 0;
  const char* const end = word.data() + word.size();
  const auto read = std::from_chars(word.data(), end, step);
  if (read.ec == std::errc() && read.ptr == end && step >= 0) return step;
  return Error{ErrorCode::invalid_argument, "a step is a whole number from 0",
               "\"" + word + "\"", "write as in hpo report jets/17 3 loss=0.1 --fence 1"};
}

Result<std::string> body_of(const ReportWords& words) {
  const auto step = step_of(words.step);
  if (!step) return step.error();
  const auto metrics = metrics_of(words.metrics);
  if (!metrics) return metrics.error();
  json::Writer body;  // what is not finite becomes null, as the daemon wants it
  body.object().member("fence", *words.fence).member("step", *step).member("metrics", *metrics);
  return std::move(body.end()).text();
}

ExitCode tell_step(const TrialName& name, const std::string& body, const ReportWords& words,
                   const Context& context) {
  auto client = connect(context, words.connect_file);
  if (!client) return tell(client.failure(), context.terminal);
  const auto reply = client->post(trial_target(name.study, *name.trial) + ":report", body);
  if (!reply) return tell(reply.failure(), context.terminal);
  const bool is_pause = member(reply->json, "pause").boolean;
  const bool is_end = is_pause || member(reply->json, "stop").boolean;
  if (words.as_json) print_line(reply->body);
  else print_line(is_pause ? "pause" : is_end ? "stop" : "go on");
  const std::string ignored = text_of(member(reply->json, "ignored"));
  if (!ignored.empty()) note("this step was not kept: " + ignored);
  const std::string remark = text_of(member(reply->json, "remark"));
  if (!remark.empty()) note(remark);
  const std::string reason = text_of(member(reply->json, "reason"));
  if (is_end && !reason.empty()) {
    note((is_pause ? "it should save a checkpoint and end: " : "it should stop: ") + reason);
  }
  return is_end ? ExitCode::stop : ExitCode::ok;
}

}  // namespace

ExitCode report_step(Arguments& arguments, const Context& context) {
  ReportWords words;
  arguments.positional("STUDY/N", words.trial, "a study and a trial's number")
      .positional("STEP", words.step, "epochs, folds, …: how many are done; 0: none yet")
      .list("NAME=NUMBER", words.metrics, "the objective by its name, and other numbers")
      .option("--fence", "F", words.fence, {.least = 1}, "as hpo ask told it")
      .option("--connect", "FILE", words.connect_file, "by TCP: a file of hpo token")
      .json_flag(words.as_json)
      .closing("Prints \"go on\" with exit code 0, or with exit code 11 \"stop\", or \"pause\":\n"
               "end with a checkpoint, the trial may go on from it. It renews the lease, too.\n");
  if (const auto exit = arguments.parse()) return *exit;
  if (!words.fence) return arguments.usage_error("--fence is missing");
  const auto name = one_trial(words.trial);
  if (!name) return tell(failure_of(name.error()), context.terminal);
  const auto body = body_of(words);
  if (!body) return tell(failure_of(body.error()), context.terminal);
  return tell_step(*name, *body, words, context);
}

}  // namespace hpo::cli
