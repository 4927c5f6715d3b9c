// local: jobs are processes on this machine, each a runner (`hpo exec DIR`) and its training.
//
// Runners are sessions of their own and outlive the daemon; a later one finds them by the claim
// file, or by HPO_JOB in /proc. All memory is a list of children to reap, and of the jobs of which
// nothing is left: both may be lost. The executor's strand.
#include <signal.h>
#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <vector>

#include "executors/attempt_directory.hpp"
#include "executors/executor.hpp"
#include "executors/job_processes.hpp"
#include "executors/local_spawn.hpp"
#include "executors/runner/claim.hpp"
#include "executors/runner/exit_file.hpp"
#include "executors/runner/files.hpp"
#include "executors/stale_attempt.hpp"

namespace hpo {
namespace {

using runner::ProcessId;
using namespace std::chrono_literals;

constexpr auto end_patience = 10s;
constexpr auto poll_patience = 200ms;  // other jobs wait meanwhile; the next poll goes on
constexpr std::size_t log_bytes_max = 64 * 1024;

class Local final : public Executor {
 public:
  explicit Local(const ExecutorConfig& config) : hpo_program_(config.hpo_program) {}

  Result<Submitted> submit(const JobRequest& request) override;
  Result<std::vector<JobStatus>> poll(std::span<const Job> jobs) override;
  Result<void> cancel(std::span<const Job> jobs) override;
  Result<JobStatus> find(const Job& job) override;

 private:
  Result<void> cancel_one(const Job& job);
  JobStatus status_of(const Job& job);
  void end_what_is_left(std::span<const Job> jobs, std::vector<JobStatus>& statuses);
  void reap();

  std::string hpo_program_{};
  std::vector<int> children_{};          // runners of this daemon, not yet reaped
  std::set<std::string> without_rest_{};  // names of jobs that are gone, with all they started
};

// What the runner said before it died, if anything.
std::string log_of(const Job& job) {
  const auto text = runner::read_file(job.directory + "/runner.log", log_bytes_max);
  return text && !text->empty() ? "; runner.log: " + *text : std::string();
}

JobStatus gone(const Job& job, const ProcessId& id, const std::string& why) {
  return {.state = JobState::gone, .native_id = runner::to_text(id), .outcome = std::nullopt,
          .detail = why + log_of(job)};
}

std::string why_gone(const Job& job, const ProcessId& id) {
  if (id.boot_id != runner::boot_id()) return "the machine was started again since";
  return "the runner (pid " + std::to_string(id.pid) + ") ended without writing exit.json: " +
         why_no_exit(job.directory);
}

// exit.json first and last: the runner may write it and go between two looks.
JobStatus look(const Job& job, const ProcessId& id) {
  for (const bool is_first : {true, false}) {
    auto outcome = read_exit(job.directory, job.name, job.identity);
    if (outcome && *outcome) {
      return {.state = JobState::ended, .native_id = runner::to_text(id),
              .outcome = std::move(*outcome), .detail = {}};
    }
    if (is_first && runner::is_alive(id)) {
      return {.state = JobState::running, .native_id = runner::to_text(id),
              .outcome = std::nullopt, .detail = {}};
    }
    const bool is_unread = !is_first && !outcome;
    if (is_unread && directory_fault(job.directory).empty()) {
      return gone(job, id, outcome.error().what);
    }
  }
  return gone(job, id, why_gone(job, id));
}

JobStatus by_claim(const Job& job, const runner::Claim& claim) {
  const bool is_elsewhere = claim.host != runner::host_name() &&
                            claim.process.boot_id != runner::boot_id();
  JobStatus status = look(job, claim.process);
  if (is_elsewhere && status.state != JobState::ended) {
    status.state = JobState::unknown;
    status.detail = "it was started on " + claim.host + ", which cannot be looked at from here";
  }
  if (claim.job != job.name) {
    status.detail = "the attempt is held by its other submission " + claim.job +
                    (status.detail.empty() ? "" : "; ") + status.detail;
  }
  return status;
}

// A runner that found the attempt claimed has stepped back: then the claim's holder counts.
JobStatus by_id(const Job& job, const ProcessId& id) {
  JobStatus status = look(job, id);
  if (status.state != JobState::gone) return status;
  const auto claim = claim_of(job);
  return claim && claim->process != id ? by_claim(job, *claim) : status;
}

// The runner is the oldest of the processes that carry the name: it starts the others.
JobStatus by_scan(const Job& job) {
  const std::vector<runner::Process> found = processes_of_jobs({.names = {job.name}});
  if (found.empty()) return JobStatus{.state = JobState::absent};
  const auto oldest = std::min_element(
      found.begin(), found.end(), [](const auto& a, const auto& b) {
        return std::pair(a.start, a.pid) < std::pair(b.start, b.pid);
      });
  return look(job, {.pid = oldest->pid, .start = oldest->start, .boot_id = runner::boot_id()});
}

JobStatus by_name(const Job& job) {
  const auto claim = runner::read_claim(job.directory);
  if (claim && *claim && is_of(job, **claim)) return by_claim(job, **claim);
  JobStatus status = by_scan(job);
  if (!claim && status.state == JobState::absent) {  // it was claimed, and the file is torn
    status.state = JobState::gone;
    status.detail = claim.error().what;
  }
  return status;
}

Result<void> make_ready(const JobRequest& request) {
  if (auto moved = move_stale_attempt(request.job, end_patience); !moved) return moved;
  auto written = write_attempt_directory(request.job, request.spec);
  return written ? write_connect_file(request) : written;
}

// The names of the trial's earlier jobs, and the runners of all its attempts up to this one.
JobTraces traces_before(const JobRequest& request) {
  JobTraces traces{.names = request.predecessors};
  if (traces.names.empty()) return traces;
  const std::string trial = runner::parent_of(request.job.directory) + "/";
  for (int attempt = 1; attempt <= request.spec.attempt; ++attempt) {
    const auto claim = runner::read_claim(trial + std::to_string(attempt));
    if (claim && *claim) add(traces, **claim);
  }
  return traces;
}

// The id counts when the directory is gone, the claim when nobody knows the id.
void add(JobTraces& traces, const Job& job, const std::string& native_id) {
  traces.names.push_back(job.name);
  if (const auto id = runner::process_id_from(native_id)) hpo::add(traces, *id);
  if (const auto claim = claim_of(job)) hpo::add(traces, *claim);
}

Result<Submitted> Local::submit(const JobRequest& request) {
  reap();
  if (auto ended = end_processes_of_jobs(traces_before(request), end_patience); !ended) {
    return ended.error();
  }
  if (auto ready = make_ready(request); !ready) return not_now(ready.error());
  const auto id = spawn_runner(hpo_program_, request.job);
  if (!id) return not_now(id.error());
  children_.push_back(id->pid);
  return Submitted{.native_id = runner::to_text(*id), .is_running = true};
}

Result<std::vector<JobStatus>> Local::poll(std::span<const Job> jobs) {
  reap();
  std::vector<JobStatus> all;
  for (const Job& job : jobs) all.push_back(status_of(job));
  std::erase_if(without_rest_, [&](const std::string& name) {
    return std::none_of(jobs.begin(), jobs.end(), [&](const Job& job) { return job.name == name; });
  });
  end_what_is_left(jobs, all);
  return all;
}

// The kernel kills the training itself with its runner, not what that has started. A job is gone
// only when all of it is: one scan for all of them, and none for those that had theirs.
void Local::end_what_is_left(std::span<const Job> jobs, std::vector<JobStatus>& statuses) {
  std::vector<std::size_t> dead;
  JobTraces traces;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    if (statuses[i].state != JobState::gone || without_rest_.contains(jobs[i].name)) continue;
    dead.push_back(i);
    add(traces, jobs[i], statuses[i].native_id);
  }
  const auto ended = end_processes_of_jobs(traces, poll_patience);
  for (const std::size_t i : dead) {
    if (ended) {
      without_rest_.insert(jobs[i].name);
    } else {
      statuses[i] = JobStatus{.detail = ended.error().what};
    }
  }
}

Result<void> Local::cancel(std::span<const Job> jobs) {
  reap();
  Result<void> all;
  for (const Job& job : jobs) {
    if (auto cancelled = cancel_one(job); !cancelled) all = cancelled;
  }
  return all;
}

// SIGTERM to the runner, which gives the training its grace; without a runner, what is left of
// the job has lost its protection and is killed.
Result<void> Local::cancel_one(const Job& job) {
  const auto id = runner::process_id_from(status_of(job).native_id);
  const bool is_here = id && id->boot_id == runner::boot_id();
  if (is_here && runner::send_signal(id->pid, id->start, SIGTERM)) return {};
  JobTraces traces;
  add(traces, job, job.native_id);
  return end_processes_of_jobs(traces, end_patience);
}

Result<JobStatus> Local::find(const Job& job) {
  reap();
  std::vector<JobStatus> found{by_name(job)};
  end_what_is_left(std::span(&job, 1), found);
  return std::move(found.front());
}

JobStatus Local::status_of(const Job& job) {
  const auto id = runner::process_id_from(job.native_id);
  return id ? by_id(job, *id) : by_name(job);
}

void Local::reap() {
  std::erase_if(children_, [](int pid) { return ::waitpid(pid, nullptr, WNOHANG) != 0; });
}

}  // namespace

Result<std::unique_ptr<Executor>> make_local(const ExecutorConfig& config) {
  if (config.hpo_program.empty() || config.hpo_program.front() != '/') {
    return Error{ErrorCode::invalid_argument, "the path of the hpo program is not absolute",
                 config.hpo_program, "install hpo beside hpod, or put it into PATH"};
  }
  return std::unique_ptr<Executor>(std::make_unique<Local>(config));
}

}  // namespace hpo
