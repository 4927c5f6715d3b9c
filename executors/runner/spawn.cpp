// See spawn.hpp. Between vfork and execve only async-signal-safe calls.
#include "executors/runner/spawn.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <cerrno>

#include "executors/runner/argv.hpp"
#include "executors/runner/fd.hpp"
#include "executors/runner/files.hpp"

namespace hpo::runner {
namespace {

enum class Stage { session, output, workdir, program };

struct ChildProblem {  // what the child tells before it gives up
  Stage stage = Stage::program;
  int number = 0;
};

struct ChildPlan {
  const char* program = nullptr;
  const char* workdir = nullptr;
  char* const* argv = nullptr;
  char* const* environment = nullptr;
  int input = -1;
  int output = -1;
  int error = -1;
  int inherited = -1;
  int problem = -1;
  int runner = 0;
};

Result<Pipe> make_pipe() {
  Pipe pipe;
  if (pipe.open()) return pipe;
  return Error{ErrorCode::unavailable, "cannot make a pipe: " + errno_text(errno), "ulimit -n",
               "try again with fewer processes on this machine"};
}

[[noreturn]] void give_up(const ChildPlan& plan, Stage stage) {
  const ChildProblem problem{.stage = stage, .number = errno};
  [[maybe_unused]] const ssize_t told = ::write(plan.problem, &problem, sizeof problem);
  ::_exit(127);
}

// In the session of a runner that leads one (as the executor starts it) all that is left of a
// training can be found when the runner is dead; a runner that was started by hand is in the
// terminal's. The parent's death before prctl would go unnoticed: getppid tells.
void bind_to_runner(const ChildPlan& plan) {
  const bool leads_session = ::getsid(0) == plan.runner;
  if ((leads_session ? ::setpgid(0, 0) : ::setsid()) < 0) give_up(plan, Stage::session);
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) give_up(plan, Stage::session);
  if (::getppid() != plan.runner) ::_exit(127);
}

void reset_signals() {
  for (int number = 1; number <= SIGSYS; ++number) ::signal(number, SIG_DFL);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

[[noreturn]] void become_training(const ChildPlan& plan) {
  bind_to_runner(plan);
  reset_signals();
  if (::dup2(plan.input, 0) < 0 || ::dup2(plan.output, 1) < 0 || ::dup2(plan.error, 2) < 0) {
    give_up(plan, Stage::output);
  }
  if (plan.inherited >= 0) ::fcntl(plan.inherited, F_SETFD, 0);
  if (::chdir(plan.workdir) != 0) give_up(plan, Stage::workdir);
  ::execve(plan.program, plan.argv, plan.environment);
  give_up(plan, Stage::program);
}

// The child has our memory until it executes the program, and we wait: to copy the tables of that
// memory, and then each page that either side touches, would take longer than all else here.
pid_t start(const ChildPlan& plan) {
  const pid_t pid = ::vfork();
  if (pid == 0) become_training(plan);
  return pid;
}

std::string exec_remedy(int number) {
  switch (number) {
    case ENOENT: return "the interpreter in its first line (#!…) does not exist; correct it";
    case ENOEXEC: return "it is no program: begin a script with #!/path/to/interpreter, or name "
                         "the interpreter first in \"command\"";
    case E2BIG: return "arguments and environment together are too long; let the training read "
                       "$HPO_PARAMS_FILE instead of arguments";
    case ETXTBSY: return "it is being written at this moment; copy it elsewhere and rename it";
    case EACCES: return "make it readable and executable: chmod +rx; the file system may be "
                        "mounted noexec";
    default: return "try the command by hand on this machine";
  }
}

Error problem_error(const SpawnRequest& request, const ChildProblem& problem) {
  const std::string why = errno_text(problem.number);
  if (problem.stage == Stage::workdir) {
    return Error{ErrorCode::not_found, "the working directory cannot be entered: " + why,
                 request.workdir, "create it, or correct \"workdir\" of the study"};
  }
  if (problem.stage == Stage::program && problem.number != ENOMEM) {
    return Error{ErrorCode::invalid_argument, "the program cannot be executed: " + why,
                 request.program, exec_remedy(problem.number)};
  }
  return Error{ErrorCode::unavailable, "the training cannot be started: " + why, request.program,
               "look at the limits of this machine"};
}

ChildProblem read_problem(int fd) {
  ChildProblem problem;
  ssize_t count = 0;
  do { count = ::read(fd, &problem, sizeof problem); } while (count < 0 && errno == EINTR);
  return count == sizeof problem ? problem : ChildProblem{};
}

}  // namespace

Result<Spawned> spawn(const SpawnRequest& request) {
  auto output = make_pipe();
  auto error = make_pipe();
  if (!output) return output.error();
  if (!error) return error.error();
  const auto pid = spawn_with(request, {.output = output->write.get(),
                                        .error = error->write.get()});
  if (!pid) return pid.error();
  return Spawned{.pid = *pid, .standard_output = std::move(output->read),
                 .standard_error = std::move(error->read)};
}

Result<int> spawn_with(const SpawnRequest& request, const ChildFiles& files) {
  auto problem = make_pipe();
  if (!problem) return problem.error();
  const Fd input(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  const std::vector<char*> argv = pointers(request.argv);
  const std::vector<char*> environment = pointers(request.environment);
  const ChildPlan plan{.program = request.program.c_str(), .workdir = request.workdir.c_str(),
                       .argv = argv.data(), .environment = environment.data(),
                       .input = input.get(), .output = files.output, .error = files.error,
                       .inherited = files.inherited, .problem = problem->write.get(),
                       .runner = ::getpid()};
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  const pid_t pid = start(plan);
  if (pid < 0) return problem_error(request, {.stage = Stage::session, .number = errno});
  problem->write.reset();
  if (const ChildProblem told = read_problem(problem->read.get()); told.number != 0) {
    ::waitpid(pid, nullptr, 0);
    return problem_error(request, told);
  }
  return pid;
}

}  // namespace hpo::runner
