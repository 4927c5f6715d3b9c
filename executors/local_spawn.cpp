// See local_spawn.hpp.
#include "executors/local_spawn.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>

#include <array>
#include <cerrno>
#include <cstdlib>

#include "executors/runner/fd.hpp"
#include "executors/runner/files.hpp"
#include "executors/runner/program.hpp"

namespace hpo {
namespace {

// posix_spawn's two descriptions of the child, freed on every way out.
struct Recipe {
  posix_spawn_file_actions_t files{};
  posix_spawnattr_t attributes{};
  Recipe() {
    ::posix_spawn_file_actions_init(&files);
    ::posix_spawnattr_init(&attributes);
  }
  Recipe(const Recipe&) = delete;
  Recipe& operator=(const Recipe&) = delete;
  ~Recipe() {
    ::posix_spawn_file_actions_destroy(&files);
    ::posix_spawnattr_destroy(&attributes);
  }
};

void describe_files(Recipe& recipe, int log) {
  ::posix_spawn_file_actions_addopen(&recipe.files, 0, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_adddup2(&recipe.files, log, 1);
  ::posix_spawn_file_actions_adddup2(&recipe.files, log, 2);
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 34)
  ::posix_spawn_file_actions_addclosefrom_np(&recipe.files, 3);  // else O_CLOEXEC alone
#endif
}

// A cancel may arrive before the runner listens: SIGTERM is blocked until then, not deadly.
void describe_signals(Recipe& recipe) {
  sigset_t all;
  sigset_t blocked;
  ::sigfillset(&all);
  ::sigemptyset(&blocked);
  ::sigaddset(&blocked, SIGTERM);
  ::posix_spawnattr_setsigdefault(&recipe.attributes, &all);
  ::posix_spawnattr_setsigmask(&recipe.attributes, &blocked);
  ::posix_spawnattr_setflags(&recipe.attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF |
                                                     POSIX_SPAWN_SETSIGMASK);
}

Error spawn_error(const std::string& program, int number) {
  Error error = runner::file_error("the runner cannot be started", program, number);
  const bool is_missing = number == ENOENT || number == EACCES || number == ENOEXEC ||
                          number == ENOTDIR || number == EISDIR;
  error.code = is_missing ? ErrorCode::invalid_argument : ErrorCode::unavailable;
  error.remedy = is_missing ? "install hpo beside hpod"
                            : "too many processes or too little memory; it is tried again";
  return error;
}

}  // namespace

Result<runner::ProcessId> spawn_runner(const std::string& hpo_program, const Job& job) {
  const std::string log_path = job.directory + "/runner.log";
  const int flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW;
  const runner::Fd log(::open(log_path.c_str(), flags, 0600));
  if (!log) return runner::file_error("cannot open the runner's log", log_path, errno);
  Recipe recipe;
  describe_files(recipe, log.get());
  describe_signals(recipe);
  const char* path = std::getenv("PATH");
  std::string path_entry = std::string("PATH=") + (path ? path : runner::usual_search_path);
  std::string job_entry = "HPO_JOB=" + job.name;
  std::string program = hpo_program;
  std::string verb = "exec";
  std::string directory = job.directory;
  const std::array<char*, 4> argv{program.data(), verb.data(), directory.data(), nullptr};
  const std::array<char*, 3> environment{job_entry.data(), path_entry.data(), nullptr};
  pid_t pid = 0;
  const int number = ::posix_spawn(&pid, hpo_program.c_str(), &recipe.files, &recipe.attributes,
                                   argv.data(), environment.data());
  if (number != 0) return spawn_error(hpo_program, number);
  const auto process = runner::find_process(pid);  // there even if it ended: we have not reaped it
  return runner::ProcessId{.pid = pid, .start = process ? process->start : 0,
                           .boot_id = runner::boot_id()};
}

}  // namespace hpo
