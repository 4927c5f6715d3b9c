// hpo logs STUDY/N: what a trial printed, bytes unchanged in a pipe; -f follows it to its end.
#include <cstdio>
#include <ranges>
#include <utility>

#include "cli/api_client.hpp"
#include "cli/arguments.hpp"
#include "cli/failed_logs.hpp"
#include "cli/interrupt.hpp"
#include "cli/json_view.hpp"
#include "cli/output.hpp"
#include "cli/strategy_logs.hpp"
#include "cli/study_view.hpp"
#include "cli/text.hpp"
#include "cli/trial_name.hpp"
#include "cli/verbs/verbs.hpp"
#include "schema/json/writer.hpp"
#include "schema/trial.hpp"

namespace hpo::cli {
namespace {

constexpr int follow_interval_ms = 300;

struct LogsOptions {
  TrialName name{};
  std::string stream = "stdout";
  std::optional<int> attempt{};
  bool follows = false;
  bool as_json = false;
};

std::string target_of(const LogsOptions& options, std::int64_t offset) {
  std::string target = trial_target(options.name.study, *options.name.trial) +
                       "/logs?stream=" + options.stream + "&offset=" + std::to_string(offset);
  if (options.attempt) target += "&attempt=" + std::to_string(*options.attempt);
  return target;
}

// Takes the pieces that the daemon hands out, from `offset` to the present end.
template <class Take>
Answer<std::int64_t> each_piece(ApiClient& client, const LogsOptions& options, std::int64_t offset,
                                const Take& take) {
  while (!is_interrupted()) {
    const auto reply = client.get(target_of(options, offset));
    if (!reply) return reply.failure();
    const std::int64_t next = integer_of(member(reply->json, "next_offset"));
    take(*reply);
    if (next <= offset) break;
    offset = next;
    if (next >= integer_of(member(reply->json, "size"))) break;
  }
  return offset;
}

// With --json a line for each piece that has text: it can be followed so.
Answer<std::int64_t> print_from(ApiClient& client, const LogsOptions& options, std::int64_t offset,
                                const Terminal& terminal) {
  const auto end = each_piece(client, options, offset, [&](const Reply& piece) {
    const std::string text = text_of(member(piece.json, "text"));
    if (!options.as_json) print(terminal.is_tty ? printable(text) : text);
    else if (!text.empty()) print_line(piece.body);
  });
  std::fflush(stdout);
  return end;
}

// The whole log in one document, as REST answers when it fits into one piece.
ExitCode print_json(ApiClient& client, const LogsOptions& options, const Context& context) {
  json::Node first;
  std::string text;
  std::int64_t size = 0;
  const auto end = each_piece(client, options, 0, [&](const Reply& piece) {
    if (first.members.empty()) first = piece.json;
    text += text_of(member(piece.json, "text"));
    size = integer_of(member(piece.json, "size"));
  });
  if (!end) return tell(end.failure(), context.terminal);
  json::Writer writer;
  writer.object().member("attempt", integer_of(member(first, "attempt")));
  writer.member("stream", options.stream).member("offset", 0).member("next_offset", *end);
  print_line(writer.member("size", size).member("text", text).end().text());
  return ExitCode::ok;
}

// True if the study may still make this trial: right after `submit` it has none.
bool may_come(ApiClient& client, const TrialName& name) {
  const auto reply = client.get(study_target(name.study));
  if (!reply) return false;
  const StudyView study = study_view(reply->json);
  return !is_ended(study.state) && *name.trial < study.trials.total;
}

struct Progress {
  bool has_ended = false;
  int attempts = 0;
};

Answer<Progress> progress_of(ApiClient& client, const TrialName& name) {
  const auto reply = client.get(trial_target(name.study, *name.trial));
  const bool is_missing = !reply && reply.failure().exit_code == ExitCode::not_found;
  if (is_missing && may_come(client, name)) return Progress{};
  if (!reply) return reply.failure();
  const auto state = from_word<TrialState>(text_of(member(reply->json, "state")));
  const bool has_ended = state && is_finished(*state);
  const auto shown = integer_of(member(reply->json, "attempt"));  // the end of an ended one
  const auto latest = std::ssize(member(reply->json, "history").items);
  return Progress{.has_ended = has_ended,
                  .attempts = static_cast<int>(has_ended && shown > 0 ? shown : latest)};
}

// Prints what has come since the last call. An attempt that is over is read to its end before the
// next one's log begins; one that was asked for by number stays the only one.
class Follower {
 public:
  Follower(ApiClient& client, LogsOptions options, const Terminal& terminal)
      : client_(client), options_(std::move(options)), terminal_(terminal),
        is_pinned_(options_.attempt.has_value()) {}

  Answer<bool> advance(const Progress& progress) {
    if (!options_.attempt && progress.attempts > 0) options_.attempt = progress.attempts;
    while (true) {
      const auto end = print_from(client_, options_, offset_, terminal_);
      const bool is_last = is_pinned_ || options_.attempt.value_or(0) >= progress.attempts;
      const bool is_missing = !end && end.failure().exit_code == ExitCode::not_found;
      if (!end && !(is_missing && !(is_last && progress.has_ended))) return end.failure();
      if (is_missing && progress.attempts > 0 && !std::exchange(has_told_missing_, true)) {
        note(end.failure().error.what + " so far");
      }
      if (end) offset_ = *end;
      has_printed_ = has_printed_ || offset_ > 0;
      if (is_last || is_interrupted()) return true;
      options_.attempt = options_.attempt.value_or(0) + 1;
      offset_ = 0;
      note("attempt " + std::to_string(*options_.attempt) + " of " + options_.name.study + "/" +
           std::to_string(*options_.name.trial) + ":");
    }
  }

  bool has_printed() const { return has_printed_; }

 private:
  ApiClient& client_;
  LogsOptions options_;
  const Terminal& terminal_;
  bool is_pinned_ = false;
  bool has_printed_ = false;
  bool has_told_missing_ = false;
  std::int64_t offset_ = 0;
};

// Silence is no answer: of a job that waits, or of a training that prints nothing.
void note_nothing(const LogsOptions& options, bool has_ended) {
  const std::string where = options.stream == "job" ? "job.log" : options.stream;
  note((has_ended ? "it has ended, and printed nothing to " + where : "nothing is printed yet") +
       "; next: hpo trial " + shell_quoted(options.name.study) + "/" +
       std::to_string(*options.name.trial));
}

ExitCode follow(ApiClient& client, const LogsOptions& options, const Context& context) {
  catch_interrupts();
  Follower follower(client, options, context.terminal);
  while (!is_interrupted()) {
    const auto progress = progress_of(client, options.name);  // first: then nothing is missed
    if (!progress) return tell(progress.failure(), context.terminal);
    const auto advanced = follower.advance(*progress);
    if (!advanced) return tell(advanced.failure(), context.terminal);
    if (progress->has_ended) {
      if (!follower.has_printed() && !options.as_json) note_nothing(options, true);
      return ExitCode::ok;
    }
    pause_for(follow_interval_ms);
  }
  note("the trial goes on");
  return ExitCode::interrupted;
}

// A retry that was refused has printed nothing: the attempt before it has.
std::optional<int> attempt_with_output(const json::Node& trial) {
  const auto& history = member(trial, "history").items;
  for (const json::Node& attempt : history | std::views::reverse) {
    if (text_of(member(attempt, "failure")) == word(FailureClass::rejected)) continue;
    return static_cast<int>(integer_of(member(attempt, "number")));
  }
  return std::nullopt;
}

bool has_output(ApiClient& client, LogsOptions options, const char* stream) {
  options.stream = stream;
  const auto reply = client.get(target_of(options, 0));
  return reply && integer_of(member(reply->json, "size")) > 0;
}

void refer_to(const LogsOptions& options, const char* flag) {
  note("next: hpo logs " + shell_quoted(options.name.study) + "/" +
       std::to_string(*options.name.trial) + " " + flag);
}

bool refers_to_stderr(ApiClient& client, const LogsOptions& options) {
  if (options.stream != "stdout" || !has_output(client, options, "stderr")) return false;
  refer_to(options, "--stderr");
  return true;
}

// Where a training that failed printed nothing, it may not have begun: there is more to read.
ExitCode show_elsewhere(ApiClient& client, LogsOptions options, const json::Node& trial,
                        const Terminal& terminal) {
  const auto with_output = attempt_with_output(trial);
  const auto latest = static_cast<int>(member(trial, "history").items.size());
  if (!options.attempt && with_output && *with_output != latest) {
    note("attempt " + std::to_string(latest) + " was refused: hpo trial " + options.name.study +
         "/" + std::to_string(*options.name.trial) + "; this is attempt " +
         std::to_string(*with_output));
    options.attempt = with_output;
    const auto end = print_from(client, options, 0, terminal);
    if (!end) return tell(end.failure(), terminal);
    if (*end > 0) return ExitCode::ok;
  }
  if (refers_to_stderr(client, options)) return ExitCode::ok;
  if (!has_output(client, options, "job")) {
    note_nothing(options, true);
    return ExitCode::ok;
  }
  note("the training printed nothing there; this is what its job printed (job.log):");
  options.stream = "job";
  const auto end = print_from(client, options, 0, terminal);
  return end ? ExitCode::ok : tell(end.failure(), terminal);
}

// Whole; of a trial that failed, with a word on what else there is.
ExitCode show_all(ApiClient& client, const LogsOptions& options, const Terminal& terminal) {
  const auto end = print_from(client, options, 0, terminal);
  if (!end) return tell(end.failure(), terminal);
  if (options.stream == "job" && *end > 0) return ExitCode::ok;
  const auto trial = client.get(trial_target(options.name.study, *options.name.trial));
  const auto state = from_word<TrialState>(trial ? text_of(member(trial->json, "state")) : "");
  if (state != TrialState::failed || options.stream == "job") {
    const bool is_told = *end > 0 || refers_to_stderr(client, options);
    if (!is_told) note_nothing(options, state && is_finished(*state));
    return ExitCode::ok;
  }
  if (*end == 0) return show_elsewhere(client, options, trial->json, terminal);
  if (has_output(client, options, "job")) refer_to(options, "--job");
  return ExitCode::ok;
}

ExitCode show(const LogsOptions& options, const Context& context) {
  auto client = connect(context);
  if (!client) return tell(client.failure(), context.terminal);
  if (options.follows) return follow(*client, options, context);
  if (options.as_json) return print_json(*client, options, context);
  return show_all(*client, options, context.terminal);
}

}  // namespace

ExitCode logs(Arguments& arguments, const Context& context) {
  std::string text;
  std::string number;
  bool is_stderr = false;
  bool is_of_job = false;
  bool of_failed = false;
  bool of_strategy = false;
  LogsOptions options;
  arguments.positional("STUDY/N", text, "a trial; with --failed or --strategy, a study")
      .optional_positional("N", number, "the number, if it is not behind a slash")
      .flag("--stderr", is_stderr, "what it wrote there, instead of stdout")
      .flag("--job", is_of_job, "what its batch job and the scheduler printed besides: job.log")
      .option("--attempt", "K", options.attempt, {.least = 1},
              "of another attempt; default: the latest, or the one\n"
              "whose late result counts")
      .flag("-f,--follow", options.follows, "as it grows, until the trial ends")
      .flag("--failed", of_failed, "why the study's trials failed, alike ones together")
      .flag("--strategy", of_strategy, "what a study's own strategy program wrote to stderr")
      .json_flag(options.as_json);
  if (const auto exit = arguments.parse()) return *exit;
  const auto name = trial_name(text, number);
  if (!name) return tell(failure_of(name.error()), context.terminal);
  const bool of_study = of_failed || of_strategy;
  if (of_failed && of_strategy) return arguments.usage_error("give one of --failed and --strategy");
  if (!of_study && !name->trial) {
    const std::string study = shell_quoted(name->study);
    return arguments.usage_error("a trial is missing: hpo logs " + study + "/0, or hpo logs " +
                                 study + " --failed");
  }
  if (of_study && name->trial) {
    const std::string flag = of_failed ? "--failed" : "--strategy";
    return arguments.usage_error(flag + " is about a whole study: leave \"/" +
                                 std::to_string(*name->trial) + "\" out, or leave out " + flag);
  }
  if (of_strategy) return strategy_logs(name->study, options.as_json, context);
  if (of_failed) return failed_logs(name->study, options.as_json, context);
  options.name = *name;
  if (is_stderr && is_of_job) return arguments.usage_error("give one of --stderr and --job");
  if (is_stderr) options.stream = "stderr";
  if (is_of_job) options.stream = "job";
  return show(options, context);
}

}  // namespace hpo::cli
