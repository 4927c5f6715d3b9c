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
#include "cli/worker/channel.hpp"
#include "cli/worker/identity.hpp"
#include "cli/worker/place.hpp"
#include "cli/worker/spool_channel.hpp"
#include "cli/worker/worker_loop.hpp"
#include "executors/runner/process.hpp"
#include "executors/runner/supervise.hpp"
#include "schema/paths.hpp"

namespace hpo::cli {
namespace {

constexpr int slots_max = 4096;
constexpr int retry_ms = 500;
constexpr std::chrono::seconds spool_patience{30};  // for one answer

struct Words {
  std::string study{};
  std::optional<int> slots{};
  std::string max_time{};
  std::string gpus{};
  std::string name{};
  std::string patience{};
  std::string spool{};
  std::string connect_file{};
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

// How the worker reaches the daemon: by files, by TCP, or by the socket of the state directory.
struct Road {
  const Context& context;
  std::optional<ConnectFile> remote{};
  std::unique_ptr<worker::SpoolChannel> spool{};
};

Answer<ApiClient> connect(const Road& road) {
  if (road.remote) return ApiClient::connect({.socket = {}, .remote = road.remote});
  return connect(road.context);
}

// The body of the answer about the study, or about its work. A token reaches its work alone.
Answer<std::string> ask(const Road& road, SpoolVerb verb, const std::string& study) {
  if (!road.spool) {
    auto client = connect(road);
    if (!client) return client.failure();
    const bool is_work = verb == SpoolVerb::work || road.remote;
    const auto reply = client->get(study_target(study) + (is_work ? "/work" : ""));
    if (!reply) return reply.failure();
    return reply->body;
  }
  auto reply = road.spool->ask(verb, spool_patience);
  if (!reply) return reply.failure();
  if (reply->status == 200) return std::move(reply->body);
  return failure_of_problem(reply->status, json::parse(reply->body).root);
}

Answer<worker::Assignment> ask_once(const worker::WorkerPlan& plan, const Road& road) {
  const auto body = ask(road, SpoolVerb::work, plan.study);
  if (!body) return body.failure();
  auto assignment = worker::assignment_from_json(*body);
  if (!assignment) return failure_of(assignment.error());
  if (assignment->work.attempt.command.empty()) return no_command(plan.study);
  return *std::move(assignment);
}

// A daemon that has been here may be on its way up again: it is waited for, as later.
Answer<worker::Assignment> ask_for_work(const worker::WorkerPlan& plan, const Road& road) {
  const auto until = std::chrono::steady_clock::now() + plan.patience;
  for (bool is_first = true;; is_first = false) {
    auto assignment = ask_once(plan, road);
    const bool is_over = std::chrono::steady_clock::now() >= until;
    if (assignment || is_interrupted() || is_over) return assignment;
    const Failure& failure = assignment.failure();
    const bool was_here = road.spool || road.remote || read_endpoint();
    const bool may_come = failure.exit_code == ExitCode::temporary ||
                          (failure.exit_code == ExitCode::unreachable && was_here);
    if (!may_come) return assignment;
    if (is_first) note(failure.error.what + "; it is asked again");
    pause_for(retry_ms);
  }
}

// The daemon refuses what comes for a study that has ended; for the worker that is a good end.
bool has_ended(const std::string& study, const Road& road) {
  const auto body = ask(road, SpoolVerb::study, study);
  if (!body) return false;
  const json::Parsed parsed = json::parse(*body);
  const auto state = from_word<StudyState>(text_of(member(parsed.root, "state")));
  return state && is_ended(*state);
}

ExitCode end_by(const Failure& failure, const std::string& study, const Road& road) {
  if (failure.exit_code == ExitCode::conflict && has_ended(study, road)) {
    note(study + " has ended; next: hpo status " + shell_quoted(study));
    return ExitCode::ok;
  }
  return tell(failure, road.context.terminal);
}

// Where the spool lies: as was said; or because the daemon's host is another one, whose socket
// does not reach here. "": it is not needed, or nobody has made it.
std::string spool_of(const std::string& said) {
  if (!said.empty()) return said;
  const auto state = state_directory();
  const auto endpoint = read_endpoint();
  if (!state || !endpoint || is_on(*endpoint, this_host())) return {};
  const std::string root = StatePaths{*state}.spool();
  if (!worker::SpoolChannel::is_there(root)) return {};
  note("the daemon runs on " + endpoint->host + ", whose socket does not reach this node: it is "
       "asked by files in " + root);
  return root;
}

// Started by nohup.
bool ignores_hangups() {
  struct sigaction action{};
  return ::sigaction(SIGHUP, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

// Where nothing of the daemon's is, its paths are not either.
Result<void> settle(worker::Work& work, const Words& words, const Road& road) {
  const auto is_own = worker::settle(work, {words.directory, words.workdir, road.remote});
  if (!is_own) return is_own.error();
  if (*is_own) {
    note("what trainings print and save stays on this machine: " + work.directory + "/trials");
  }
  return {};
}

ExitCode train(const worker::WorkerPlan& plan, worker::Assignment assignment, Road& road,
               bool ignores_hangup) {
  ::signal(SIGPIPE, SIG_IGN);  // whoever read our remarks may have gone
  auto signals = runner::take_over_signals();
  if (!signals) return tell(failure_of(signals.error()), road.context.terminal);
  note("worker " + plan.name + " trains for " + plan.study + ", " + counted(plan.slots, "slot") +
       "; Ctrl-C gives its trials back");
  worker::Channel socket(study_target(plan.study) + "/workers/" + plan.name + ":exchange",
                         road.remote);
  worker::Transport& transport = road.spool ? static_cast<worker::Transport&>(*road.spool) : socket;
  worker::WorkerLoop loop(plan, std::move(assignment), transport, *std::move(signals),
                          ignores_hangup);
  const auto failure = loop.run();
  note("worker " + plan.name + " ends after " + counted(loop.trials_ended(), "trial"));
  return failure ? end_by(*failure, plan.study, road) : ExitCode::ok;
}

ExitCode work(const worker::WorkerPlan& plan, const Words& words, Road road) {
  const bool ignores_hangup = ignores_hangups();
  catch_interrupts();
  const std::string root = road.remote ? std::string() : spool_of(words.spool);
  if (!root.empty()) {
    road.spool = std::make_unique<worker::SpoolChannel>(root, plan.study, plan.name);
  }
  auto assignment = ask_for_work(plan, road);
  if (!assignment) return end_by(assignment.failure(), plan.study, road);
  if (is_interrupted()) return ExitCode::interrupted;
  if (auto settled = settle(assignment->work, words, road); !settled) {
    return tell(failure_of(settled.error()), road.context.terminal);
  }
  return train(plan, *std::move(assignment), road, ignores_hangup);
}

}  // namespace

ExitCode start_worker(Arguments& arguments, const Context& context) {
  Words words;
  arguments.option("--study", "STUDY", words.study, "the study whose trials it pulls")
      .option("--slots", "N", words.slots, 1, "trials side by side; default 1")
      .option("--max-time", "TIME", words.max_time, "its wall time: begins nothing longer")
      .option("--gpus", "LIST", words.gpus, "indices, as in 0,1, or job: those of\n"
              "CUDA_VISIBLE_DEVICES; shared out among the slots")
      .option("--name", "PREFIX", words.name, "begins its name; default: the host's")
      .option("--spool", "DIR", words.spool, "reaches the daemon by files: STATE/spool")
      .option("--patience", "TIME", words.patience, "without a daemon; default 15m")
      .option("--connect", "FILE", words.connect_file, "by TCP: a file of hpo token and its study")
      .option("--directory", "DIR", words.directory, "its files, instead of the study's directory")
      .option("--workdir", "DIR", words.workdir, "the trainings', instead of the study's workdir")
      .closing("It ends with 0 when the study has ended, its time is over, or a signal told it to\n"
               "and all is told; a second signal ends it at once, with 130.\n");
  if (const auto exit = arguments.parse()) return *exit;
  if (!words.spool.empty() && !words.connect_file.empty()) {
    return arguments.usage_error("--spool, --connect: give one of them");
  }
  std::optional<ConnectFile> remote;
  if (!words.connect_file.empty()) {
    auto file = read_connect_file(words.connect_file);
    if (!file) return tell(file.failure(), context.terminal);
    remote = *std::move(file);
    if (words.study.empty()) words.study = remote->study;
  }
  if (words.study.empty()) return arguments.usage_error("--study is missing");
  if (words.study.find('/') != std::string::npos) {
    return arguments.usage_error("--study takes a study, and \"" + words.study + "\" is a trial");
  }
  const auto plan = plan_of(words);
  if (!plan) return tell(failure_of(plan.error()), context.terminal);
  if (!words.spool.empty()) {
    auto spool = absolute_here(words.spool);
    if (!spool) return tell(failure_of(spool.error()), context.terminal);
    words.spool = *std::move(spool);
  }
  return work(*plan, words, Road{.context = context, .remote = std::move(remote)});
}

}  // namespace hpo::cli
