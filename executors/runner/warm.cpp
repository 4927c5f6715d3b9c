// See warm.hpp.
#include "executors/runner/warm.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include "executors/runner/files.hpp"
#include "executors/runner/process.hpp"
#include "executors/runner/text.hpp"
#include "executors/runner/warm_end.hpp"
#include "schema/json/node.hpp"
#include "schema/json/writer.hpp"

namespace hpo::runner {
namespace {

constexpr std::size_t log_bytes = 4096;  // of its end, in a message
constexpr int protocol = 1;
constexpr std::chrono::seconds end_patience{10};  // longer: it hangs in the kernel
constexpr timespec end_interval{.tv_sec = 0, .tv_nsec = 20'000'000};

struct SocketPair {
  Fd ours{};
  Fd theirs{};
};

Result<SocketPair> socket_pair() {
  int ends[2] = {-1, -1};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0) {
    return SocketPair{.ours = Fd(ends[0]), .theirs = Fd(ends[1])};
  }
  return Error{ErrorCode::unavailable, "cannot make a socket: " + errno_text(errno), "ulimit -n",
               "try again with fewer processes on this machine"};
}

// As another process opens a pipe of ours.
std::string path_of(const Fd& fd) {
  return "/proc/" + std::to_string(::getpid()) + "/fd/" + std::to_string(fd.get());
}

std::string line_of(const std::string& job, const SpawnRequest& request, std::size_t words,
                    const Pipe& output, const Pipe& error) {
  json::Writer writer;
  writer.object().member("job", job).member("parent", ::getpid());
  writer.member("workdir", request.workdir).member("stdout", path_of(output.write));
  writer.member("stderr", path_of(error.write)).member("argv", request.argv);
  writer.member("words", static_cast<std::int64_t>(words));
  writer.member("environment", request.environment).end();
  return std::move(writer).text() + "\n";
}

Error no_trial(const std::string& why) {
  return Error{ErrorCode::unavailable, "the warm training's script could not begin the trial: " +
                                           excerpt(why, log_bytes),
               "HPO_WARM_FD", "see whether this machine lacks processes or memory"};
}

bool is_of_trial(const Attempt& attempt, const std::string& entry) {
  const std::string name = entry.substr(0, entry.find('='));
  return name.starts_with("HPO_") && std::ranges::count(attempt.variables, name) == 0;
}

WarmChannel::Deadline after(std::chrono::seconds time) {
  return std::chrono::steady_clock::now() + time;
}

bool is_child_of(int pid, int parent) {
  const auto process = find_process(pid);
  return process && process->parent == parent;
}

// Until it is gone, what it has forked is no child of ours.
void await_end(int pid) {
  const auto deadline = after(end_patience);
  while (::waitpid(pid, nullptr, WNOHANG) == 0 && std::chrono::steady_clock::now() < deadline) {
    wait_for_child_signal(end_interval);
  }
}

Error no_child(int pid, const std::string& what) {
  return Error{ErrorCode::corrupt, "process " + std::to_string(pid) + ", told to be " + what +
                                       ", is no child of ours",
               "HPO_WARM_FD", "fork the trial as helpers/serve.md says"};
}

// Ends early when we are told to end. No trial runs whose end could be missed.
void pause(std::chrono::milliseconds time) {
  const auto deadline = std::chrono::steady_clock::now() + time;
  while (!is_told_to_end() && std::chrono::steady_clock::now() < deadline) {
    wait_for_child_signal(end_interval);
  }
}

}  // namespace

Result<SpawnRequest> warm_command(const Attempt& attempt) {
  if (attempt.spec.container) {
    return Error{ErrorCode::invalid_argument, "warm trainings cannot start in a container",
                 attempt.paths.spec,
                 "remove \"warm\" or \"environment.container\" from the study, submit it again"};
  }
  auto request = prepare(attempt);
  if (!request) return request;
  request->argv = attempt.spec.command;
  std::vector<std::string>& entries = request->environment;
  std::erase_if(entries, [&](const std::string& entry) { return is_of_trial(attempt, entry); });
  if (const char* job = std::getenv("HPO_JOB"); job != nullptr) {
    entries.insert(entries.begin(), "HPO_JOB=" + std::string(job));  // first, as in a training
  }
  return request;
}

WarmServer::WarmServer(Result<SpawnRequest> command, std::string log, const WarmLimits& limits)
    : command_(std::move(command)), log_(std::move(log)), limits_(limits) {}

WarmServer::~WarmServer() { end(); }

Result<Spawned> WarmServer::spawn(const std::string& job, const SpawnRequest& request,
                                  const Fd& signals, const SlowLoad& slow) {
  Pipe output;
  Pipe error;
  if (!output.open() || !error.open()) return no_trial(errno_text(errno));
  if (!command_) return command_.error();
  const std::string line = line_of(job, request, command_->argv.size(), output, error);
  for (int tries = 1;; ++tries) {
    const auto answer = try_once(line, job, signals, slow);
    if (answer && answer->pid == 0) return no_trial(answer->refusal);
    if (answer) {
      return Spawned{.pid = answer->pid, .standard_output = std::move(output.read),
                     .standard_error = std::move(error.read)};
    }
    Error failure = answer.error();
    const bool may_pass = failure.code == ErrorCode::not_found ||
                          (was_ready_ && failure.code == ErrorCode::invalid_argument);
    if (!may_pass) return failure;
    if (tries >= limits_.tries) {
      failure.code = ErrorCode::unavailable;  // another machine may do better
      return failure;
    }
    pause(limits_.pause * (1 << (tries - 1)));
  }
}

Result<WarmServer::Answer> WarmServer::try_once(const std::string& line, const std::string& job,
                                                const Fd& signals, const SlowLoad& slow) {
  if (!channel_) {
    if (auto started = start(signals, slow); !started) return started.error();
  }
  auto answer = is_there() ? ask(line, job, signals) : Result<Answer>(script_gone("it was ended"));
  if (answer) return answer;
  end();
  Error error = answer.error();
  error.where = warm_place(log_, command_->argv);
  return error;
}

// A trial that cannot be ended keeps the server that it forked. The script itself is not needed.
bool WarmServer::is_there() const {
  const auto process = find_process(server_);
  return process && process->is_alive() && process->parent == ::getpid();
}

std::vector<int> WarmServer::processes() const {
  if (pid_ == 0) return {};
  if (is_child_of(pid_, ::getpid())) return {pid_, server_};
  return {server_};  // the script was waited for: its pid may be another's by now
}

// A script that loads for minutes is what warm trainings are for, however short a trial's own limit
// is. So it is not ended early, but who looks on is told what it may be.
Result<std::string> WarmServer::first_line(const Fd& signals, const SlowLoad& slow) {
  const auto soon = std::min(limits_.slow, limits_.load);
  auto line = channel_.receive(signals, after(soon));
  if (line || line.error().code != ErrorCode::unavailable) return line;
  if (soon < limits_.load) {
    slow(slow_text(soon, log_));
    line = channel_.receive(signals, after(limits_.load - soon));
    slow("");
  }
  if (line || line.error().code != ErrorCode::unavailable) return line;
  Error error = line.error();
  error.what = "it has not called hpo.serve(train) for " + std::to_string(limits_.load.count()) +
               " s";
  return error;
}

Result<void> WarmServer::start(const Fd& signals, const SlowLoad& slow) {
  auto pair = socket_pair();
  if (!pair) return pair.error();
  const Fd log(::open(log_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600));
  if (!log) return file_error("cannot create the file", log_, errno);
  SpawnRequest command = *command_;
  command.environment.push_back("HPO_WARM_FD=" + std::to_string(pair->theirs.get()));
  const auto pid = spawn_with(command, {.output = log.get(), .error = log.get(),
                                        .inherited = pair->theirs.get()});
  if (!pid) return pid.error();
  pair->theirs.reset();
  pid_ = server_ = *pid;
  ++starts_;
  channel_ = WarmChannel(std::move(pair->ours));
  const auto line = first_line(signals, slow);
  const auto greeted = line ? greet(*line) : line.error();
  was_ready_ = was_ready_ || greeted;
  if (greeted) return {};
  const Error error = greeted.error();
  const bool is_gone = error.code == ErrorCode::not_found;
  const auto status = is_gone ? await_status(pid_) : std::nullopt;
  end();
  if (error.code == ErrorCode::conflict) return error;
  return never_ready(error, status, log_, command_->argv);
}

Result<void> WarmServer::greet(const std::string& line) {
  const json::Parsed hello = json::parse(line);
  if (json::integer_at(hello.root, "protocol") != protocol) {
    return Error{ErrorCode::corrupt, "it said " + excerpt(line, 100), {}, {}};
  }
  const auto server = static_cast<int>(json::integer_at(hello.root, "server"));
  if (server == 0) return {};
  if (!is_child_of(server, ::getpid())) return no_child(server, "the server");
  server_ = server;
  return {};
}

// What the server says of other jobs is about requests that were given up.
Result<WarmServer::Answer> WarmServer::ask(const std::string& line, const std::string& job,
                                           const Fd& signals) {
  const auto deadline = after(limits_.begin);
  if (auto sent = channel_.send(line, signals, deadline); !sent) return sent.error();
  for (;;) {
    const auto text = channel_.receive(signals, deadline);
    if (!text) return text.error();
    const json::Parsed answer = json::parse(*text);
    if (json::text_at(answer.root, "job") != job) continue;
    const int asked = server_;
    const auto server = static_cast<int>(json::integer_at(answer.root, "server"));
    if (auto followed = follow(server); !followed) return followed.error();
    const auto pid = static_cast<int>(json::integer_at(answer.root, "pid"));
    if (pid == 0 && server_ != asked) await_end(asked);
    if (pid == 0) return Answer{.pid = 0, .refusal = json::text_at(answer.root, "error")};
    if (is_child_of(pid, ::getpid())) return Answer{.pid = pid, .refusal = {}};
    return no_child(pid, "the trial's");
  }
}

// The process that was asked has become the trial, or has tried to: `server` has taken its place.
Result<void> WarmServer::follow(int server) {
  if (server == 0) return {};
  if (!is_child_of(server, server_) && !is_child_of(server, ::getpid())) {
    return no_child(server, "the server");
  }
  if (pid_ == server_) pid_ = server;
  server_ = server;
  return {};
}

// All below us is the script's: no trial runs, and one that was about to begin must not.
void WarmServer::end() {
  channel_ = WarmChannel();
  if (pid_ == 0) return;
  pid_ = server_ = 0;
  const auto deadline = after(end_patience);
  while (std::chrono::steady_clock::now() < deadline) {
    for (const Process& process : descendants(all_processes(), ::getpid())) {
      send_signal(process.pid, process.start, SIGKILL);
    }
    pid_t reaped = 0;
    do { reaped = ::waitpid(-1, nullptr, WNOHANG); } while (reaped > 0);
    if (reaped < 0) return;
    wait_for_child_signal(end_interval);
  }
}

}  // namespace hpo::runner
