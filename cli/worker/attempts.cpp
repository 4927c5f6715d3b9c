// See attempts.hpp.
#include "cli/worker/attempts.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <map>
#include <utility>

#include "executors/attempt_directory.hpp"
#include "executors/job_processes.hpp"
#include "executors/runner/attempt.hpp"
#include "executors/runner/exec.hpp"
#include "executors/runner/exit_file.hpp"
#include "executors/runner/files.hpp"
#include "executors/runner/process.hpp"
#include "executors/stale_attempt.hpp"
#include "schema/paths.hpp"

namespace hpo::cli::worker {
namespace {

using namespace std::chrono_literals;

constexpr auto end_patience = 2s;  // for what is left of a job whose runner was killed
constexpr int first_other_fd = 3;
constexpr int earlier_max = 8;       // attempts whose steps are looked for

Job job_of(const Work& work, const LeasedTrial& trial) {
  return {.name = trial.job, .directory = directory_of(work, trial), .native_id = {},
          .identity = trial.identity, .grace = work.attempt.grace};
}

// In a session of its own: a terminal's Ctrl-C is for the worker to hand on, and all that the
// training leaves behind can be found by the session. Our descriptors would keep the connection
// to the daemon open after our own end.
[[noreturn]] void become_runner(const Job& job, int worker) {
  ::setsid();
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != worker) ::_exit(1);
  runner::close_from(first_other_fd);
  ::setenv("HPO_JOB", job.name.c_str(), 1);  // the worker may itself be a job with a name
  ::_exit(exec_attempt(job.directory));
}

Outcome lost(const std::string& why) {
  return {.status = OutcomeStatus::lost, .failure = FailureClass::lost, .message = why};
}

}  // namespace

Attempts::Attempts(Work work, const std::string& worker) : work_(std::move(work)) {
  if (work_.attempt.is_warm) slots_.emplace(work_.directory + "/workers/" + worker);
}

Result<void> Attempts::prepare(const LeasedTrial& trial, int slot,
                               const std::vector<int>& devices) {
  const Job job = job_of(work_, trial);
  if (auto moved = move_stale_attempt(job, end_patience); !moved) return moved;
  return write_attempt_directory(job, spec_of(work_, trial, slot, devices));
}

Result<void> Attempts::launch(const LeasedTrial& trial, int slot) {
  const Job job = job_of(work_, trial);
  if (slots_) {
    const auto taker = slots_->launch(slot, job.directory);
    if (!taker) return taker.error();
    runners_[*taker] = {.trial = trial, .hears = false};
    return {};
  }
  runner::boot_id();  // known before the fork, it is read once for all runners
  const int worker = ::getpid();
  const pid_t pid = ::fork();
  if (pid == 0) become_runner(job, worker);
  if (pid < 0) {
    return Error{ErrorCode::unavailable, "no process can be forked: " + runner::errno_text(errno),
                 job.directory, "look at the limits of this machine: ulimit -u"};
  }
  runners_[pid] = {.trial = trial};
  return {};
}

void Attempts::stop(LeaseKey key) {
  for (auto& [pid, runner] : runners_) {
    if (runner.trial.key != key) continue;
    runner.is_told = true;
    if (runner.hears) ::kill(pid, SIGTERM);
  }
}

// A runner that was killed leaves no exit.json, and perhaps processes of its training.
Outcome Attempts::outcome_of(const LeasedTrial& trial, int pid) const {
  const Job job = job_of(work_, trial);
  auto outcome = read_exit(job.directory, job.name, job.identity);
  if (outcome && *outcome) return **std::move(outcome);
  JobTraces traces{.names = {job.name}};
  const auto claim = runner::read_claim(job.directory);
  if (claim && *claim && (*claim)->process.pid != pid) {
    return lost("another runner has claimed the attempt: job " + (*claim)->job + " on " +
                (*claim)->host);
  }
  if (claim && *claim) add(traces, **claim);
  const auto ended = end_processes_of_jobs(traces, end_patience);
  return lost("the runner (pid " + std::to_string(pid) + ") ended without writing exit.json: " +
              why_no_exit(job.directory) + (ended ? "" : "; " + ended.error().what));
}

void Attempts::note_end(int pid, std::vector<EndedTrial>& ended) {
  const auto found = runners_.find(pid);
  if (found == runners_.end()) return;
  const LeasedTrial& trial = found->second.trial;
  ended.push_back({trial.key, outcome_of(trial, pid)});
  if (work_.is_own) {  // nobody would find them by the study's directory
    ended.back().outcome.place = runner::host_name() + ":" + directory_of(work_, trial);
  }
  runners_.erase(found);
}

// A slot goes on after its trial; a stop that was wanted before the trial began is due now.
void Attempts::take_notes(std::vector<EndedTrial>& ended) {
  if (!slots_) return;
  for (const WarmSlots::Note& note : slots_->take_notes()) {
    if (note.said == WarmSlots::Said::over) {
      note_end(note.pid, ended);
      continue;
    }
    Runner& runner = runners_[note.pid];
    runner.waits = note.said == WarmSlots::Said::waits;
    if (note.said != WarmSlots::Said::begins) continue;
    runner.hears = true;
    if (runner.is_told) ::kill(note.pid, SIGTERM);
  }
}

std::set<LeaseKey> Attempts::loading() const {
  std::set<LeaseKey> keys;
  for (const auto& [pid, runner] : runners_) {
    if (runner.waits) keys.insert(runner.trial.key);
  }
  return keys;
}

std::vector<EndedTrial> Attempts::reap() {
  std::vector<EndedTrial> ended;
  take_notes(ended);
  for (;;) {
    const pid_t pid = ::waitpid(-1, nullptr, WNOHANG);
    if (pid <= 0) return ended;
    if (slots_) slots_->forget(pid);
    note_end(pid, ended);
  }
}

void Attempts::kill_trainings() const {
  for (const runner::Process& each : runner::descendants(runner::all_processes(), ::getpid())) {
    const bool is_runner = runners_.contains(each.pid) || (slots_ && slots_->has(each.pid));
    if (!is_runner) runner::send_signal(each.pid, each.start, SIGKILL);
  }
}

std::string Attempts::metrics_path(const LeasedTrial& trial) const {
  return directory_of(work_, trial) + "/" + std::string(metrics_name);
}

std::optional<KeptSteps> Attempts::kept_steps(const LeasedTrial& trial) const {
  if (trial.attempt > 1) return std::nullopt;
  return KeptSteps(work_.attempt.metric, work_.attempt.fidelity_max);
}

HeldSteps Attempts::earlier_steps(const LeasedTrial& trial) const {
  std::map<std::int64_t, StepTold> by_step;
  for (int attempt = std::max(1, trial.attempt - earlier_max); attempt < trial.attempt; ++attempt) {
    for (StepTold& step : left_steps(earlier_attempt(job_of(work_, trial), attempt))) {
      if (step.is_step()) by_step[step.step] = std::move(step);
    }
  }
  HeldSteps held;
  for (auto& [number, step] : by_step) held.push_waiting(std::move(step));
  return held;
}

}  // namespace hpo::cli::worker
