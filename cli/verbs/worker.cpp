// hpo worker --study S: pulls trials and carries them out on this machine.
#include <signal.h>
#include <sys/random.h>
#include <unistd.h>

#include "cli/api_client.hpp"
#include "cli/arguments.hpp"
#include "cli/interrupt.hpp"
#include "cli/json_view.hpp"
#include "cli/output.hpp"
#include "cli/problem.hpp"
#include "cli/text.hpp"
#include "cli/typed_duration.hpp"
#include "cli/verbs/verbs.hpp"
#include "cli/worker/identity.hpp"
#include "cli/worker/place.hpp"
#include "cli/worker/road.hpp"
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
  std::string spool{};
  std::string connect_file{};
  std::string else_connect{};
  std::string directory{};
  std::string workdir{};
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
  auto gpus = worker::gpus_from(words.gpus == "job" ? environment_value("CUDA_VISIBLE_DEVICES")
                                                    : words.gpus);
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

Answer<worker::Assignment> ask_once(const worker::WorkerPlan& plan, worker::Road& road) {
  const auto body = road.ask(SpoolVerb::work);
  if (!body) return body.failure();
  auto assignment = worker::assignment_from_json(*body);
  if (!assignment) return failure_of(assignment.error());
  if (assignment->work.attempt.command.empty()) return no_command(plan.study);
  return *std::move(assignment);
}

// A daemon that has been here may be on its way up again: it is waited for, as later.
Answer<worker::Assignment> ask_for_work(const worker::WorkerPlan& plan, worker::Road& road) {
  const auto until = std::chrono::steady_clock::now() + plan.patience;
  for (bool is_first = true;; is_first = false) {
    auto assignment = ask_once(plan, road);
    const bool is_over = std::chrono::steady_clock::now() >= until;
    if (assignment || is_interrupted() || is_over) return assignment;
    const Failure& failure = assignment.failure();
    const bool may_come =
        failure.exit_code == ExitCode::temporary ||
        (failure.exit_code == ExitCode::unreachable && road.may_lead_somewhere());
    if (!may_come) return assignment;
    if (is_first) note(failure.error.what + "; it is asked again");
    pause_for(retry_ms);
  }
}

// The daemon refuses what comes for a study that has ended; for the worker that is a good end.
bool has_ended(worker::Road& road) {
  const auto body = road.ask(SpoolVerb::study);
  if (!body) return false;
  const json::Parsed parsed = json::parse(*body);
  const auto state = from_word<StudyState>(text_of(member(parsed.root, "state")));
  return state && is_ended(*state);
}

ExitCode end_by(const Failure& failure, const std::string& study, worker::Road& road,
                const Context& context) {
  if (failure.exit_code == ExitCode::conflict && has_ended(road)) {
    note(study + " has ended; next: hpo status " + shell_quoted(study));
    return ExitCode::ok;
  }
  return tell(failure, context.terminal);
}

Failure of_another(const ConnectFile& file, const std::string& study) {
  return {.exit_code = ExitCode::usage,
          .error = {ErrorCode::invalid_argument, "the file is for study '" + file.study +
                    "', and --study says '" + study + "'", file.path,
                    "leave --study out, or make a file for it where hpod runs: hpo token " +
                    shell_quoted(study)},
          .details = {}};
}

// Started by nohup.
bool ignores_hangups() {
  struct sigaction action{};
  return ::sigaction(SIGHUP, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

// Where nothing of the daemon's is, its paths are not either.
Result<void> settle(worker::Work& work, const Words& words, const worker::Road& road) {
  const auto is_own = worker::settle(work, {words.directory, words.workdir, road.remote()});
  if (!is_own) return is_own.error();
  if (*is_own) {
    note("what trainings print and save stays on this machine: " + work.directory + "/trials");
  }
  return {};
}

ExitCode train(const worker::WorkerPlan& plan, worker::Assignment assignment, worker::Road& road,
               const Context& context, bool ignores_hangup) {
  ::signal(SIGPIPE, SIG_IGN);  // whoever read our remarks may have gone
  auto signals = runner::take_over_signals();
  if (!signals) return tell(failure_of(signals.error()), context.terminal);
  note("worker " + plan.name + " trains for " + plan.study + ", " + counted(plan.slots, "slot") +
       "; Ctrl-C gives its trials back");
  worker::WorkerLoop loop(plan, std::move(assignment), road.transport(),
                          *std::move(signals), ignores_hangup);
  const auto failure = loop.run();
  note("worker " + plan.name + " ends after " + counted(loop.attempts_ended(), "attempt") +
       (failure ? "" : ": " + loop.why_ended()));
  return failure ? end_by(*failure, plan.study, road, context) : ExitCode::ok;
}

// Why it need not begin; "": it should.
std::string why_not(const worker::WorkerPlan& plan, const worker::Assignment& assignment) {
  if (assignment.state < StudyState::cancelling) return {};
  return plan.study + " is " + std::string(word(assignment.state)) +
         ", so there is nothing to train; next: hpo status " + shell_quoted(plan.study);
}

// Known only now, as the grace is the study's. nullopt: there is time.
std::optional<Failure> too_short(const worker::WorkerPlan& plan,
                                 const worker::Assignment& assignment) {
  const std::chrono::seconds grace = assignment.work.attempt.grace;
  if (!plan.max_time || worker::time_to_train(*plan.max_time, grace).count() > 0) return {};
  const auto seconds = [](auto time) { return std::to_string(time.count()) + " s"; };
  return Failure{.exit_code = ExitCode::usage,
                 .error = {ErrorCode::invalid_argument, "nothing can be trained in --max-time",
                           "of its " + seconds(*plan.max_time) + " the study's grace takes " +
                               seconds(grace), "give more, or lower the study's \"grace\""},
                 .details = {}};
}

ExitCode work(const worker::WorkerPlan& plan, const Words& words, worker::Road road,
              const Context& context) {
  const bool ignores_hangup = ignores_hangups();
  catch_interrupts();
  auto assignment = ask_for_work(plan, road);
  if (!assignment) return end_by(assignment.failure(), plan.study, road, context);
  if (is_interrupted()) return ExitCode::interrupted;
  if (const std::string why = why_not(plan, *assignment); !why.empty()) {
    note(why);
    return ExitCode::ok;
  }
  if (const auto failure = too_short(plan, *assignment)) return tell(*failure, context.terminal);
  if (auto settled = settle(assignment->work, words, road); !settled) {
    return tell(failure_of(settled.error()), context.terminal);
  }
  return train(plan, *std::move(assignment), road, context, ignores_hangup);
}

}  // namespace

ExitCode start_worker(Arguments& arguments, const Context& context) {
  Words words;
  arguments.option("--study", "STUDY", words.study, "the study whose trials it pulls")
      .option("--slots", "N", words.slots, {.least = 1, .most = slots_max},
              "trials side by side; default 1")
      .option("--max-time", "TIME", words.max_time, "its wall time: begins nothing longer")
      .option("--gpus", "LIST", words.gpus, "indices, as in 0,1, or job: those of\n"
              "CUDA_VISIBLE_DEVICES; shared out among the slots")
      .option("--name", "PREFIX", words.name, "begins its name; default: the host's")
      .option("--spool", "DIR", words.spool, "reaches the daemon by files, STATE/spool; with\n"
              "--connect: where TCP does not")
      .option("--patience", "TIME", words.patience, "without a daemon; default 15m")
      .option("--connect", "FILE", words.connect_file, "by TCP: a file of hpo token and its study")
      .option("--else-connect", "FILE", words.else_connect, "likewise, where the daemon's socket\n"
              "does not reach; worker jobs have one")
      .option("--directory", "DIR", words.directory, "its files, instead of the study's directory")
      .option("--workdir", "DIR", words.workdir, "the trainings', instead of the study's workdir")
      .closing("It ends with 0 when the study has ended, its time is over, or a signal told it to\n"
               "and all is told; a second Ctrl-C, or another signal more than a second later,\n"
               "ends it at once, with 130.\n");
  if (const auto exit = arguments.parse()) return *exit;
  if (!words.connect_file.empty() && !words.else_connect.empty()) {
    return arguments.usage_error("--connect, --else-connect: give one of them");
  }
  std::optional<ConnectFile> remote;
  if (!words.connect_file.empty()) {
    auto file = read_connect_file(words.connect_file);
    if (!file) return tell(file.failure(), context.terminal);
    remote = *std::move(file);
    if (words.study.empty()) words.study = remote->study;
    if (words.study != remote->study) {
      return tell(of_another(*remote, words.study), context.terminal);
    }
  }
  if (words.study.empty()) return arguments.usage_error("--study is missing");
  if (words.study.find('/') != std::string::npos) {
    return arguments.usage_error("--study takes a study, and \"" + words.study + "\" is a trial");
  }
  auto plan = plan_of(words);
  if (!plan) return tell(failure_of(plan.error()), context.terminal);
  plan->remote = remote;
  if (!words.spool.empty()) {
    auto spool = absolute_here(words.spool);
    if (!spool) return tell(failure_of(spool.error()), context.terminal);
    words.spool = *std::move(spool);
  }
  worker::Road road({.study = plan->study, .worker = plan->name, .remote = std::move(remote),
                     .spool = words.spool, .else_connect = words.else_connect}, context);
  return work(*plan, words, std::move(road), context);
}

}  // namespace hpo::cli
