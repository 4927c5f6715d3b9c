// hpo worker --study S: pulls trials and carries them out on this machine.
#include <signal.h>
#include <sys/random.h>
#include <unistd.h>

#include "cli/api_client.hpp"
#include "cli/arguments.hpp"
#include "cli/interrupt.hpp"
#include "cli/json_view.hpp"
#include "cli/output.hpp"
#include "cli/text.hpp"
#include "cli/typed_duration.hpp"
#include "cli/verbs/verbs.hpp"
#include "cli/worker/identity.hpp"
#include "cli/worker/worker_loop.hpp"
#include "executors/runner/process.hpp"
#include "executors/runner/supervise.hpp"

namespace hpo::cli {
namespace {

constexpr int slots_max = 4096;
constexpr int retry_ms = 500;

struct Words {
  std::string study{};
  std::optional<int> slots{};
  std::string max_time{};
  std::string gpus{};
  std::string name{};
  std::string patience{};
};

unsigned random_bits() {
  unsigned bits = 0;
  if (::getrandom(&bits, sizeof bits, 0) != sizeof bits) bits = static_cast<unsigned>(::getpid());
  return bits;
}

Result<worker::WorkerPlan> plan_of(const Words& words) {
  worker::WorkerPlan plan{.study = words.study, .slots = words.slots.value_or(1)};
  const std::string prefix = words.name.empty() ? runner::host_name() : words.name;
  plan.name = worker::worker_name(prefix, ::getpid(), random_bits());
  if (plan.slots > slots_max) {
    return Error{ErrorCode::invalid_argument, "a worker has at most 4096 slots", "--slots",
                 "start several: hpo worker --study " + words.study};
  }
  if (!words.max_time.empty()) {
    const auto time = typed_duration("--max-time", words.max_time);
    if (!time) return time.error();
    plan.max_time = *time;
  }
  if (!words.patience.empty()) {
    const auto time = typed_duration("--patience", words.patience);
    if (!time) return time.error();
    plan.patience = *time;
  }
  if (words.gpus.empty()) return plan;
  auto gpus = worker::gpus_from(words.gpus);
  if (!gpus) return gpus.error();
  plan.gpus = *std::move(gpus);
  return plan;
}

Failure no_command(const std::string& study) {
  return {.exit_code = ExitCode::conflict,
          .error = {ErrorCode::conflict, "the study has no command that a worker could carry out",
                    "study " + study, "its programs ask by themselves: hpo ask " +
                    shell_quoted(study)},
          .details = {}};
}

Answer<worker::Assignment> ask_once(const worker::WorkerPlan& plan, const Context& context) {
  auto client = connect(context);
  if (!client) return client.failure();
  const auto reply = client->get(study_target(plan.study) + "/work");
  if (!reply) return reply.failure();
  auto assignment = worker::assignment_from_json(reply->body);
  if (!assignment) return failure_of(assignment.error());
  if (assignment->work.attempt.command.empty()) return no_command(plan.study);
  return *std::move(assignment);
}

// A daemon that has been here may be on its way up again: it is waited for, as later.
Answer<worker::Assignment> ask_for_work(const worker::WorkerPlan& plan, const Context& context) {
  const std::int64_t tries = plan.patience.count() * 1000 / retry_ms;
  for (std::int64_t attempt = 0;; ++attempt) {
    auto assignment = ask_once(plan, context);
    if (assignment || is_interrupted() || attempt >= tries) return assignment;
    const Failure& failure = assignment.failure();
    const bool may_come = failure.exit_code == ExitCode::temporary ||
                          (failure.exit_code == ExitCode::unreachable && read_endpoint());
    if (!may_come) return assignment;
    if (attempt == 0) note(failure.error.what + "; it is asked again");
    pause_for(retry_ms);
  }
}

// The daemon refuses what comes for a study that has ended; for the worker that is a good end.
bool has_ended(const std::string& study, const Context& context) {
  auto client = connect(context);
  if (!client) return false;
  const auto reply = client->get(study_target(study));
  if (!reply) return false;
  const auto state = from_word<StudyState>(text_of(member(reply->json, "state")));
  return state && is_ended(*state);
}

ExitCode end_by(const Failure& failure, const std::string& study, const Context& context) {
  if (failure.exit_code == ExitCode::conflict && has_ended(study, context)) {
    note(study + " has ended; next: hpo status " + shell_quoted(study));
    return ExitCode::ok;
  }
  return tell(failure, context.terminal);
}

// Started by nohup.
bool ignores_hangups() {
  struct sigaction action{};
  return ::sigaction(SIGHUP, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

ExitCode work(const worker::WorkerPlan& plan, const Context& context) {
  const bool ignores_hangup = ignores_hangups();
  catch_interrupts();
  auto assignment = ask_for_work(plan, context);
  if (!assignment) return end_by(assignment.failure(), plan.study, context);
  if (is_interrupted()) return ExitCode::interrupted;
  ::signal(SIGPIPE, SIG_IGN);  // whoever read our remarks may have gone
  auto signals = runner::take_over_signals();
  if (!signals) return tell(failure_of(signals.error()), context.terminal);
  note("worker " + plan.name + " trains for " + plan.study + ", " + counted(plan.slots, "slot") +
       "; Ctrl-C gives its trials back");
  worker::WorkerLoop loop(plan, *std::move(assignment), *std::move(signals), ignores_hangup);
  const auto failure = loop.run();
  note("worker " + plan.name + " ends after " + counted(loop.trials_ended(), "trial"));
  return failure ? end_by(*failure, plan.study, context) : ExitCode::ok;
}

}  // namespace

ExitCode start_worker(Arguments& arguments, const Context& context) {
  Words words;
  arguments.option("--study", "STUDY", words.study, "the study whose trials it pulls")
      .option("--slots", "N", words.slots, 1, "trials side by side; default 1")
      .option("--max-time", "TIME", words.max_time, "its wall time: begins nothing longer")
      .option("--gpus", "LIST", words.gpus, "indices, as in 0,1: shared out among the slots")
      .option("--name", "PREFIX", words.name, "begins its name; default: the host's")
      .option("--patience", "TIME", words.patience, "without a daemon; default 15m")
      .closing("It ends with 0 when the study has ended, its time is over, or a signal told it to\n"
               "and all is told; a second signal ends it at once, with 130.\n");
  if (const auto exit = arguments.parse()) return *exit;
  if (words.study.empty()) return arguments.usage_error("--study is missing");
  if (words.study.find('/') != std::string::npos) {
    return arguments.usage_error("--study takes a study, and \"" + words.study + "\" is a trial");
  }
  const auto plan = plan_of(words);
  if (!plan) return tell(failure_of(plan.error()), context.terminal);
  return work(*plan, context);
}

}  // namespace hpo::cli
