// See spawn.hpp. Between fork and execve only async-signal-safe calls.
#include "daemon/external/spawn.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "executors/runner/argv.hpp"
#include "executors/runner/fd.hpp"
#include "executors/runner/files.hpp"

namespace hpo::external {
namespace {

using runner::Fd;
using runner::Pipe;
using runner::pointers;

constexpr int unexecuted = 127;
constexpr int program_nice = 10;        // beside the trainings of a shared node
constexpr long close_range_call = 436;  // on all architectures; older headers lack the name

struct Pipes {
  Pipe input{};
  Pipe output{};
  Pipe error{};
  Pipe problem{};  // closed by execve; else the child's errno comes through
  bool open() { return input.open() && output.open() && error.open() && problem.open(); }
};

struct Plan {
  const char* program = nullptr;
  const char* workdir = nullptr;
  char* const* argv = nullptr;
  char* const* environment = nullptr;
  const Pipes* pipes = nullptr;
  rlim_t memory_bytes = 0;
  int parent = 0;
};

[[noreturn]] void give_up(const Plan& plan) {
  const int number = errno;
  [[maybe_unused]] const ssize_t told =
      ::write(plan.pipes->problem.write.get(), &number, sizeof number);
  ::_exit(unexecuted);
}

// Nothing that the daemon shields itself against is the program's default.
void reset_signals() {
  for (int number = 1; number <= SIGSYS; ++number) ::signal(number, SIG_DFL);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

// RLIMIT_DATA: what it may write to. Address space alone costs nothing, and libraries reserve far
// more of it than they use.
void bound(const Plan& plan) {
  const rlimit memory{.rlim_cur = plan.memory_bytes, .rlim_max = plan.memory_bytes};
  const rlimit no_core{.rlim_cur = 0, .rlim_max = 0};
  if (::setrlimit(RLIMIT_DATA, &memory) != 0) give_up(plan);
  ::setrlimit(RLIMIT_CORE, &no_core);
  ::setpriority(PRIO_PROCESS, 0, program_nice);
}

// All descriptors of ours are close-on-exec; of what a library may have opened we cannot know.
void mark_others_close_on_exec() {
  constexpr unsigned cloexec = 4;  // CLOSE_RANGE_CLOEXEC
  ::syscall(close_range_call, 3U, ~0U, cloexec);
}

[[noreturn]] void become(const Plan& plan) {
  const Pipes& pipes = *plan.pipes;
  ::setpgid(0, 0);
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) give_up(plan);
  if (::getppid() != plan.parent) ::_exit(unexecuted);  // it died before prctl
  reset_signals();
  const bool is_wired = ::dup2(pipes.input.read.get(), 0) >= 0 &&
                        ::dup2(pipes.output.write.get(), 1) >= 0 &&
                        ::dup2(pipes.error.write.get(), 2) >= 0;
  if (!is_wired || ::chdir(plan.workdir) != 0) give_up(plan);
  bound(plan);
  mark_others_close_on_exec();
  ::execve(plan.program, plan.argv, plan.environment);
  give_up(plan);
}

Error lacking(const std::string& program, int number) {
  return {ErrorCode::unavailable, "the strategy's program cannot be started: " +
          runner::errno_text(number), program, "too many processes, files or too little memory"};
}

Error not_executed(const std::string& program, int number) {
  if (number == ENOMEM || number == EAGAIN) return lacking(program, number);
  return {ErrorCode::invalid_argument, "the strategy's program cannot be executed: " +
          runner::errno_text(number), program,
          "a script begins with #!/path/to/interpreter, or its interpreter comes first in "
          "\"command\""};
}

int read_problem(int fd) {
  int number = 0;
  ssize_t count = 0;
  do { count = ::read(fd, &number, sizeof number); } while (count < 0 && errno == EINTR);
  return count == sizeof number ? number : 0;
}

bool never_block(const Fd& fd) { return ::fcntl(fd.get(), F_SETFL, O_NONBLOCK) == 0; }

}  // namespace

Result<Spawned> spawn(const Launch& launch) {
  Pipes pipes;
  if (!pipes.open()) return lacking(launch.program, errno);
  const std::vector<char*> argv = pointers(launch.argv);
  const std::vector<char*> environment = pointers(launch.environment);
  const Plan plan{.program = launch.program.c_str(), .workdir = launch.workdir.c_str(),
                  .argv = argv.data(), .environment = environment.data(), .pipes = &pipes,
                  .memory_bytes = static_cast<rlim_t>(launch.memory_bytes),
                  .parent = ::getpid()};
  const pid_t pid = ::fork();
  if (pid < 0) return lacking(launch.program, errno);
  if (pid == 0) become(plan);
  pipes.problem.write.reset();
  if (const int number = read_problem(pipes.problem.read.get()); number != 0) {
    ::waitpid(pid, nullptr, 0);
    return not_executed(launch.program, number);
  }
  ::setpgid(pid, pid);  // long since done by itself
  never_block(pipes.input.write);
  never_block(pipes.output.read);
  never_block(pipes.error.read);
  return Spawned{.pid = pid, .input = std::move(pipes.input.write),
                 .output = std::move(pipes.output.read), .error = std::move(pipes.error.read)};
}

}  // namespace hpo::external
