// See job_processes.hpp.
#include "executors/job_processes.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <set>
#include <string_view>

#include "executors/runner/files.hpp"

namespace hpo {
namespace {

using runner::Process;

constexpr std::size_t environ_bytes_max = 8U << 20U;  // Linux allows a quarter of the stack limit
constexpr int look_again_ms = 5;
constexpr int exec_looks_max = 100;  // a millisecond each

bool is_of_our_user(int pid) {
  struct stat found{};
  const std::string path = "/proc/" + std::to_string(pid);
  return ::stat(path.c_str(), &found) == 0 && found.st_uid == ::geteuid();
}

// The value of HPO_JOB in "A=1\0HPO_JOB=x\0…"; empty if there is none.
std::string_view job_in(std::string_view environment) {
  constexpr std::string_view key = "HPO_JOB=";
  while (!environment.empty()) {
    const std::size_t end = environment.find('\0');
    const std::string_view entry = environment.substr(0, end);
    if (entry.starts_with(key)) return entry.substr(key.size());
    environment.remove_prefix(end == std::string_view::npos ? environment.size() : end + 1);
  }
  return {};
}

std::string proc_file(int pid, const char* name) {
  auto text = runner::read_file("/proc/" + std::to_string(pid) + "/" + name, environ_bytes_max);
  return text ? *std::move(text) : std::string();
}

// In the middle of execve a process has neither environment nor arguments, for a moment: one
// that was just started must not be missed for that. Kernel threads have no program at all.
bool is_between_programs(int pid) {
  struct stat program{};
  const std::string path = "/proc/" + std::to_string(pid) + "/exe";
  return proc_file(pid, "cmdline").empty() && ::stat(path.c_str(), &program) == 0;
}

std::string environment_of(int pid) {
  for (int look = 0; look < exec_looks_max; ++look) {
    std::string text = proc_file(pid, "environ");
    if (!text.empty()) return text;
    if (!is_between_programs(pid)) break;
    ::poll(nullptr, 0, 1);
  }
  return proc_file(pid, "environ");  // it may have got there between our two questions
}

// Linux gives a session's number to nobody while a process is in it; a leader with another start,
// or a member that is older than the leader, shows that the number was given anew.
bool is_in(const Process& process, const runner::ProcessId& session,
           const std::vector<Process>& all) {
  if (process.session != session.pid || process.start < session.start) return false;
  return std::none_of(all.begin(), all.end(), [&](const Process& other) {
    return other.pid == session.pid && other.start != session.start;
  });
}

bool is_of(const Process& process, const JobTraces& traces, const std::vector<Process>& all) {
  if (!process.is_alive() || process.pid == ::getpid() || !is_of_our_user(process.pid)) {
    return false;
  }
  const std::string environment = environment_of(process.pid);
  const std::string_view job = job_in(environment);
  if (!job.empty()) {  // a name says more than a number that may be somebody else's by now
    return std::find(traces.names.begin(), traces.names.end(), job) != traces.names.end();
  }
  return std::any_of(traces.sessions.begin(), traces.sessions.end(),
                     [&](const auto& session) { return is_in(process, session, all); });
}

}  // namespace

void add(JobTraces& traces, const runner::Claim& claim) {
  traces.names.push_back(claim.job);
  add(traces, claim.process);
}

void add(JobTraces& traces, const runner::ProcessId& runner) {
  if (runner.boot_id == runner::boot_id()) traces.sessions.push_back(runner);
}

std::vector<Process> processes_of_jobs(const JobTraces& traces) {
  if (traces.names.empty() && traces.sessions.empty()) return {};  // as at most submits
  const std::vector<Process> all = runner::all_processes();
  std::vector<Process> found;
  std::set<int> seen;
  const auto add = [&](const Process& process) {
    if (process.is_alive() && seen.insert(process.pid).second) found.push_back(process);
  };
  for (const Process& process : all) {
    if (!is_of(process, traces, all)) continue;
    add(process);
    for (const Process& below : runner::descendants(all, process.pid)) add(below);
  }
  return found;
}

Result<void> end_processes_of_jobs(const JobTraces& traces,
                                   std::chrono::milliseconds patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  for (;;) {
    // Again until nothing is found: a process may fork between the scan and its end.
    const std::vector<Process> left = processes_of_jobs(traces);
    if (left.empty()) return {};
    if (std::chrono::steady_clock::now() > deadline) {
      return Error{ErrorCode::unavailable, "a process of an earlier attempt cannot be ended",
                   "pid " + std::to_string(left.front().pid),
                   "it hangs in the kernel, as on a dead network file system; it is tried again"};
    }
    for (const Process& process : left) {
      runner::send_signal(process.pid, process.start, SIGKILL);
    }
    ::poll(nullptr, 0, look_again_ms);
  }
}

}  // namespace hpo
