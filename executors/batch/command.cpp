// See command.hpp. Between fork and execve only async-signal-safe calls.
#include "executors/batch/command.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <string_view>

#include "executors/runner/fd.hpp"
#include "executors/runner/files.hpp"

namespace hpo::batch {
namespace {

using Clock = std::chrono::steady_clock;
using runner::Fd;

constexpr std::size_t error_bytes_max = 64U << 10U;
constexpr const char* usual_path = "/usr/local/bin:/usr/bin:/bin";
constexpr std::array kept{"HOME", "USER", "LOGNAME", "SLURM_CONF"};

std::string path_variable() {
  const char* path = std::getenv("PATH");
  return path != nullptr ? path : usual_path;
}

// execvp would search in the child, and its own allocation is not safe there.
Result<std::string> find_program(const std::string& name) {
  if (name.find('/') != std::string::npos) return name;
  const std::string path = path_variable();
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find(':', begin), path.size());
    const std::string candidate = path.substr(begin, end - begin) + "/" + name;
    if (::access(candidate.c_str(), X_OK) == 0) return candidate;
    begin = end + 1;
  }
  return Error{ErrorCode::not_found, "the command '" + name + "' is not in PATH", path,
               "start hpod on a login node of the cluster, with the commands in PATH"};
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> list;
  for (const std::string& text : texts) list.push_back(const_cast<char*>(text.c_str()));
  list.push_back(nullptr);
  return list;
}

struct Pipe {
  Fd read{};
  Fd write{};
  bool open() {
    int ends[2] = {-1, -1};
    if (::pipe2(ends, O_CLOEXEC) != 0) return false;
    read = Fd(ends[0]);
    write = Fd(ends[1]);
    return true;
  }
};

[[noreturn]] void become(const char* program, char* const* argv, char* const* environment,
                         int input, int output, int error, int parent) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(127);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  for (int number = 1; number <= SIGSYS; ++number) ::signal(number, SIG_DFL);
  const bool is_wired = ::dup2(input, 0) >= 0 && ::dup2(output, 1) >= 0 && ::dup2(error, 2) >= 0;
  if (is_wired) ::execve(program, argv, environment);
  ::_exit(127);
}

// Takes what is there. False: the end was reached.
bool drain(Fd& fd, std::string& text, std::size_t bytes_max) {
  char buffer[65536];
  const ssize_t count = ::read(fd.get(), buffer, sizeof buffer);
  if (count < 0) return errno == EINTR || errno == EAGAIN;
  if (count == 0) return false;
  const std::size_t room = bytes_max - std::min(bytes_max, text.size());
  text.append(buffer, std::min(room, static_cast<std::size_t>(count)));
  return true;
}

// Reads both streams to their ends. False: the patience, or the room for output, is used up.
bool read_streams(Fd& output, Fd& error, Clock::time_point deadline, const Command& command,
                  CommandResult& result) {
  while (output || error) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    result.is_timed_out = left.count() <= 0;
    if (result.is_timed_out || result.is_cut) return false;
    std::array<pollfd, 2> ends{{{output ? output.get() : -1, POLLIN, 0},
                                {error ? error.get() : -1, POLLIN, 0}}};
    ::poll(ends.data(), ends.size(), static_cast<int>(left.count()));
    if (ends[0].revents != 0 && !drain(output, result.output, command.output_bytes_max)) {
      output.reset();
    }
    if (ends[1].revents != 0 && !drain(error, result.error, error_bytes_max)) error.reset();
    result.is_cut = result.output.size() >= command.output_bytes_max;
  }
  return true;
}

// One that has closed its output may still live.
void wait_for(pid_t pid, Clock::time_point deadline, CommandResult& result) {
  int status = 0;
  while (::waitpid(pid, &status, WNOHANG) == 0) {
    if (Clock::now() >= deadline) {
      result.is_timed_out = true;
      ::kill(-pid, SIGKILL);
      ::waitpid(pid, &status, 0);
      break;
    }
    ::poll(nullptr, 0, 1);
  }
  if (WIFEXITED(status)) result.exit_code = WEXITSTATUS(status);
  else result.signal = WTERMSIG(status);
}

Error cannot_start(const std::string& program, int number) {
  return {ErrorCode::unavailable, "the command cannot be started: " + runner::errno_text(number),
          program, "too many processes or too little memory; it is tried again"};
}

}  // namespace

std::vector<std::string> kept_variables() {
  std::vector<std::string> all{"PATH=" + path_variable(), "LC_ALL=C"};
  for (const char* name : kept) {
    if (const char* value = std::getenv(name)) all.push_back(std::string(name) + "=" + value);
  }
  return all;
}

std::string text_of(const std::vector<std::string>& argv) {
  std::string text;
  for (const std::string& word : argv) text += (text.empty() ? "" : " ") + word;
  return text;
}

Result<CommandResult> run(const Command& command) {
  const auto program = find_program(command.argv.at(0));
  if (!program) return program.error();
  std::vector<std::string> environment = kept_variables();
  environment.insert(environment.end(), command.environment.begin(), command.environment.end());
  const std::vector<char*> argv = pointers(command.argv);
  const std::vector<char*> variables = pointers(environment);
  const Fd input(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  Pipe output;
  Pipe error;
  if (!input || !output.open() || !error.open()) return cannot_start(*program, errno);
  const int parent = ::getpid();
  const auto deadline = Clock::now() + command.patience;
  const pid_t pid = ::fork();
  if (pid < 0) return cannot_start(*program, errno);
  if (pid == 0) {
    become(program->c_str(), argv.data(), variables.data(), input.get(), output.write.get(),
           error.write.get(), parent);
  }
  output.write.reset();
  error.write.reset();
  CommandResult result;
  if (!read_streams(output.read, error.read, deadline, command, result)) ::kill(-pid, SIGKILL);
  wait_for(pid, deadline, result);
  return result;
}

}  // namespace hpo::batch
