// See command.hpp. Between fork and execve only async-signal-safe calls.
#include "executors/batch/command.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <string_view>

#include "executors/runner/argv.hpp"
#include "executors/runner/fd.hpp"
#include "executors/runner/files.hpp"
#include "executors/runner/program.hpp"

namespace hpo::batch {
namespace {

using Clock = std::chrono::steady_clock;
using runner::Fd;
using runner::Pipe;
using runner::pointers;
using namespace std::chrono_literals;

constexpr int unexecuted = 127;     // as shells say it
constexpr int reads_at_once = 32;   // more than a pipe holds; a flood is looked at now and then
constexpr std::size_t error_bytes_max = 64U << 10U;
constexpr std::array kept_always{"HOME", "USER", "LOGNAME"};

std::string path_variable() {
  const char* path = std::getenv("PATH");
  return path != nullptr ? path : runner::usual_search_path;
}

// execvp would search in the child, and its own allocation is not safe there.
Result<std::string> find_program(const std::string& name) {
  if (name.find('/') != std::string::npos) return name;
  const std::string path = path_variable();
  if (auto found = runner::find_program(name, path, "/")) return found;
  return Error{ErrorCode::not_found, "the command '" + name + "' is not in PATH", path,
               "start hpod on a login node of the cluster, with the commands in PATH"};
}

bool open_to_read(Pipe& pipe) {
  return pipe.open() && ::fcntl(pipe.read.get(), F_SETFL, O_NONBLOCK) == 0;  // of this end alone
}

[[noreturn]] void become(const char* program, char* const* argv, char* const* environment,
                         int input, int output, int error, int parent) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(unexecuted);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  for (int number = 1; number <= SIGSYS; ++number) ::signal(number, SIG_DFL);
  const bool is_wired = ::dup2(input, 0) >= 0 && ::dup2(output, 1) >= 0 && ::dup2(error, 2) >= 0;
  if (is_wired) ::execve(program, argv, environment);
  constexpr std::string_view why = "the program cannot be executed\n";
  if (::write(2, why.data(), why.size()) < 0) ::_exit(unexecuted);
  ::_exit(unexecuted);
}

// Takes what is there by now, and at most bytes_max in all; what comes beyond is read and dropped.
void drain(Fd& fd, std::string& text, std::size_t bytes_max) {
  char buffer[65536];
  for (int i = 0; fd && i < reads_at_once; ++i) {
    const ssize_t count = ::read(fd.get(), buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0) return fd.reset();
    const std::size_t room = bytes_max - std::min(bytes_max, text.size());
    text.append(buffer, std::min(room, static_cast<std::size_t>(count)));
  }
}

// It stays a zombie, so that its process group keeps its number. Also true if somebody else has
// waited for it.
bool has_ended(pid_t pid) {
  siginfo_t info{};
  const int answer = ::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT);
  return answer == 0 ? info.si_pid == pid : errno != EINTR;
}

void wait_for_news(const Fd& output, const Fd& error, Clock::time_point deadline) {
  std::array<pollfd, 2> ends{{{output.get(), POLLIN, 0}, {error.get(), POLLIN, 0}}};
  const auto look_again = output || error ? 50ms : 1ms;  // no descriptor tells of its end
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
  ::poll(ends.data(), ends.size(), static_cast<int>(std::clamp(left, 0ms, look_again).count()));
}

// Until it has ended, or patience or room are used up. The end of the process counts, not that of
// its streams: something that it left behind may keep them open.
void attend(pid_t pid, Fd& output, Fd& error, const Command& command, CommandResult& result) {
  const auto deadline = Clock::now() + command.patience;
  while (true) {
    const bool is_over = has_ended(pid);  // before the last reading: then nothing is missed
    drain(output, result.output, command.output_bytes_max);
    drain(error, result.error, error_bytes_max);
    result.is_cut = result.output.size() >= command.output_bytes_max;
    if (is_over || result.is_cut) return;
    result.is_timed_out = Clock::now() >= deadline;
    if (result.is_timed_out) return;
    wait_for_news(output, error, deadline);
  }
}

void reap(pid_t pid, CommandResult& result) {
  int status = 0;
  pid_t found = 0;
  while ((found = ::waitpid(pid, &status, 0)) < 0 && errno == EINTR) {}
  if (found != pid) return;
  if (WIFEXITED(status)) result.exit_code = WEXITSTATUS(status);
  else result.signal = WTERMSIG(status);
}

Error cannot_start(const std::string& program, int number) {
  return {ErrorCode::unavailable, "the command cannot be started: " + runner::errno_text(number),
          program, "too many processes or too little memory; it is tried again"};
}

std::vector<std::string> environment_of(const Command& command) {
  std::vector<std::string> all{"PATH=" + path_variable(), "LC_ALL=C"};
  std::vector<std::string> names(kept_always.begin(), kept_always.end());
  names.insert(names.end(), command.kept.begin(), command.kept.end());
  for (const std::string& name : names) {
    if (const char* value = std::getenv(name.c_str())) all.push_back(name + "=" + value);
  }
  all.insert(all.end(), command.environment.begin(), command.environment.end());
  return all;
}

}  // namespace

std::string text_of(const std::vector<std::string>& argv) {
  std::string text;
  for (const std::string& word : argv) text += (text.empty() ? "" : " ") + word;
  return text;
}

Result<CommandResult> run(const Command& command) {
  const auto program = find_program(command.argv.at(0));
  if (!program) return program.error();
  const std::vector<std::string> environment = environment_of(command);
  const std::vector<char*> argv = pointers(command.argv);
  const std::vector<char*> variables = pointers(environment);
  const Fd input(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  Pipe output;
  Pipe error;
  if (!input || !open_to_read(output) || !open_to_read(error)) return cannot_start(*program, errno);
  const int parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid < 0) return cannot_start(*program, errno);
  if (pid == 0) {
    become(program->c_str(), argv.data(), variables.data(), input.get(), output.write.get(),
           error.write.get(), parent);
  }
  ::setpgid(pid, pid);  // here too: it may not have come so far when its patience ends
  output.write.reset();
  error.write.reset();
  CommandResult result;
  attend(pid, output.read, error.read, command, result);
  ::kill(-pid, SIGKILL);  // and what it may have left behind
  reap(pid, result);
  return result;
}

}  // namespace hpo::batch
