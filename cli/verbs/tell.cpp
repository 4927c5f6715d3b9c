// hpo tell STUDY/N: how a trial that was asked for has ended.
#include "cli/api_client.hpp"
#include "cli/arguments.hpp"
#include "cli/json_view.hpp"
#include "cli/output.hpp"
#include "cli/text.hpp"
#include "cli/trial_name.hpp"
#include "cli/typed_metrics.hpp"
#include "cli/verbs/verbs.hpp"
#include "schema/codec/codec.hpp"
#include "schema/json/writer.hpp"

namespace hpo::cli {
namespace {

struct TellWords {
  std::string trial{};
  std::optional<int> fence{};
  std::vector<std::string> metrics{};
  std::optional<std::string> failed{};  // why
  std::string connect_file{};
  bool is_infeasible = false;
  bool is_pruned = false;
};

// The study knows what its objective is called.
Answer<std::string> objective_of(ApiClient& client, const std::string& study) {
  const auto reply = client.get(study_target(study) + "/work");  // a token reaches it, too
  if (!reply) return reply.failure();
  return text_of(member(reply->json, "attempt", "metric"));
}

Answer<Outcome> completed(ApiClient& client, const std::string& study,
                          const std::map<std::string, double>& metrics) {
  const auto objective = objective_of(client, study);
  if (!objective) return objective.failure();
  auto outcome = outcome_of(metrics, *objective);
  if (!outcome) return failure_of(outcome.error());
  return *std::move(outcome);
}

// Numbers beside a failure are kept with it; a value of the objective would contradict it.
std::optional<Failure> check_no_result(ApiClient& client, const std::string& study,
                                       const std::map<std::string, double>& metrics,
                                       const std::string& end) {
  if (metrics.empty()) return std::nullopt;
  const auto objective = objective_of(client, study);
  if (!objective) return objective.failure();
  if (!metrics.contains(*objective)) return std::nullopt;
  return failure_of({ErrorCode::invalid_argument,
                     "a result and " + end + " at once: the trial has one end", *objective + "=…",
                     "leave out " + *objective + "=…, or " + end + " if that is its result; "
                     "hpo tell --help"});
}

Answer<Outcome> outcome_from(ApiClient& client, const std::string& study,
                             const TellWords& words) {
  auto metrics = metrics_of(words.metrics);
  if (!metrics) return failure_of(metrics.error());
  const bool has_failed = words.failed.has_value();
  if (!has_failed && !words.is_infeasible && !words.is_pruned) {
    return completed(client, study, *metrics);
  }
  if (!words.is_pruned) {  // what was stopped early may tell how far it had come
    const std::string end = has_failed ? "--failed" : "--infeasible";
    if (auto refusal = check_no_result(client, study, *metrics, end)) return *std::move(refusal);
  }
  Outcome outcome;
  outcome.metrics = *std::move(metrics);
  if (words.is_infeasible) outcome.status = OutcomeStatus::infeasible;
  else if (words.is_pruned) outcome.status = OutcomeStatus::pruned;
  else outcome.failure = FailureClass::exit_code;  // as when a training itself says "failed"
  if (has_failed) {
    outcome.message = "told as failed" + (words.failed->empty() ? std::string(", without a reason")
                                                                : ": " + *words.failed);
  }
  return outcome;
}

bool is_kept_only(const json::Node& reply) {
  const json::Node& counted = member(reply, "counted");
  return counted.kind == json::Kind::boolean && !counted.boolean;
}

bool has_ended(const json::Node& reply) {
  const json::Node& more = member(reply, "more");
  return more.kind == json::Kind::boolean && !more.boolean;
}

// What the study has for whoever asks next, and the command for it.
std::string what_next(const json::Node& reply, const std::string& study) {
  const std::int64_t awaited = integer_of(member(reply, "awaited"));
  if (has_ended(reply)) return "; the study has ended; next: hpo best " + study;
  if (awaited == 0) return "; next: hpo ask " + study;
  return "; nothing is left to ask for, " + counted(awaited, "trial") +
         " still awaited; next: hpo status " + study;
}

void tell_people(const json::Node& reply, const TrialName& name) {
  const std::string trial = name.study + "/" + std::to_string(*name.trial);
  const std::string remark = text_of(member(reply, "note"));
  note(trial + " is " + text_of(member(reply, "state")) +
       (is_kept_only(reply) ? "; this result does not count" : "") +
       (remark.empty() ? "" : ": " + remark) +
       what_next(reply, shell_quoted(name.study)));
}

ExitCode tell_daemon(const TellWords& words, bool as_json, const Context& context) {
  const auto name = one_trial(words.trial);
  if (!name) return tell(failure_of(name.error()), context.terminal);
  auto client = connect(context, words.connect_file);
  if (!client) return tell(client.failure(), context.terminal);
  const auto outcome = outcome_from(*client, name->study, words);
  if (!outcome) return tell(outcome.failure(), context.terminal);
  json::Writer body;
  body.object().member("fence", *words.fence).key("outcome").raw(outcome_to_json(*outcome)).end();
  const auto reply = client->post(trial_target(name->study, *name->trial) + ":tell",
                                  std::move(body).text());
  if (!reply) return tell(reply.failure(), context.terminal);
  if (as_json) print_line(reply->body);
  else tell_people(reply->json, *name);
  return is_kept_only(reply->json) ? ExitCode::conflict : ExitCode::ok;
}

}  // namespace

ExitCode tell_result(Arguments& arguments, const Context& context) {
  TellWords words;
  bool as_json = false;
  arguments.positional("STUDY/N", words.trial, "a study and a trial's number")
      .optional_list("NAME=NUMBER", words.metrics, "the objective by its name, and other numbers")
      .option("--fence", "F", words.fence, {.least = 1}, "as hpo ask told it")
      .option("--failed", "WHY", words.failed, "it has failed, and why")
      .flag("--infeasible", words.is_infeasible, "these params are not possible")
      .flag("--pruned", words.is_pruned, "it was stopped early, as it was told")
      .option("--connect", "FILE", words.connect_file, "by TCP: a file of hpo token")
      .json_flag(as_json);
  if (const auto exit = arguments.parse()) return *exit;
  if (!words.fence) return arguments.usage_error("--fence is missing");
  const int ends = (words.failed ? 1 : 0) + (words.is_infeasible ? 1 : 0) +
                   (words.is_pruned ? 1 : 0);
  if (ends > 1) return arguments.usage_error("--failed, --infeasible, --pruned: give one of them");
  return tell_daemon(words, as_json, context);
}

}  // namespace hpo::cli
