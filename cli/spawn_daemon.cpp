// Starts hpod so that it outlives this shell.
#include "cli/spawn_daemon.hpp"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "executors/runner/fd.hpp"
#include "executors/runner/files.hpp"
#include "schema/paths.hpp"

namespace hpo::cli {
namespace {

constexpr int exec_failed = 127;
constexpr int first_other_fd = 3;

void default_signals() {
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) ::signal(signal, SIG_DFL);
}

// hpod starts in "/", from where a relative path means another file.
void make_config_absolute() {
  if (environment_value("HPO_CONFIG").empty()) return;
  ::setenv("HPO_CONFIG", user_config_path().c_str(), 1);
}

// In the child, after fork; hpo has no threads.
[[noreturn]] void become(const char* program, char* const* argv, int null_fd, int log_fd) {
  ::setsid();
  default_signals();
  const bool is_ready = ::chdir("/") == 0 && ::dup2(null_fd, STDIN_FILENO) >= 0 &&
                        ::dup2(log_fd, STDOUT_FILENO) >= 0 && ::dup2(log_fd, STDERR_FILENO) >= 0;
  runner::close_from(first_other_fd);
  if (is_ready) ::execv(program, argv);
  ::_exit(exec_failed);
}

}  // namespace

Result<int> spawn_daemon(const std::string& program, const std::string& state_dir,
                         const std::string& log) {
  const runner::Fd null_fd(::open("/dev/null", O_RDWR | O_CLOEXEC));
  const runner::Fd log_fd(::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  if (!null_fd || !log_fd) return runner::file_error("cannot open the log", log, errno);
  std::string arguments[] = {program, "--state-dir", state_dir};
  char* const argv[] = {arguments[0].data(), arguments[1].data(), arguments[2].data(), nullptr};
  make_config_absolute();
  const pid_t pid = ::fork();
  if (pid < 0) return runner::file_error("cannot start the daemon", program, errno);
  if (pid == 0) become(program.c_str(), argv, null_fd.get(), log_fd.get());
  return static_cast<int>(pid);
}

}  // namespace hpo::cli
