// The part of batch_executor.hpp that acts: submissions, questions, cancels.
#include "executors/batch/batch_executor.hpp"

#include <algorithm>
#include <filesystem>
#include <limits>
#include <system_error>
#include <utility>

#include "executors/attempt_directory.hpp"
#include "executors/batch/job_files.hpp"
#include "executors/runner/files.hpp"
#include "executors/stale_attempt.hpp"
#include "schema/paths.hpp"

namespace hpo::batch {
namespace {

using namespace std::chrono_literals;

constexpr auto stale_patience = 10s;
constexpr auto startup_margin = 5s;  // of a job: until the runner measures the time itself
constexpr auto end_margin = 10s;     // of a runner: from the end of the grace to exit.json
constexpr std::chrono::nanoseconds fresh = 2s;
constexpr int withdrawals_max = 16;    // in one call: each is a command of its own

// The wall time is the scheduler's to end, at once; the training's own ends earlier, by its grace.
void leave_grace(AttemptSpec& spec) {
  spec.job_time = spec.time;
  if (spec.time) spec.time = std::max<std::chrono::seconds>(
      *spec.time - spec.grace - startup_margin, 1s);
}

// An earlier attempt that was given up may live on where no scheduler sees it, as on a node that is
// down for the scheduler alone. Its runner looks for this file; where it does not lie, none lives.
void tell_superseded(const JobRequest& request) {
  const std::filesystem::path trial = std::filesystem::path(request.job.directory).parent_path();
  for (int number = 1; number < request.spec.attempt; ++number) {
    const std::string earlier = (trial / std::to_string(number)).string();
    std::error_code ignored;
    const bool may_live = std::filesystem::exists(earlier + "/claim", ignored) &&
                          !std::filesystem::exists(earlier + "/exit.json", ignored);
    if (!may_live) continue;
    (void)runner::write_file(earlier + "/" + std::string(superseded_name),
                             request.job.name + "\n");
  }
}

}  // namespace

BatchExecutor::BatchExecutor(const ExecutorConfig& config, std::unique_ptr<Scheduler> scheduler)
    : config_(config), scheduler_(std::move(scheduler)),
      queries_(*scheduler_, config.monotonic_ns, config.batch.poll_interval, config.log) {}

Result<Submitted> BatchExecutor::submit(const JobRequest& request) {
  JobRequest full = request;
  leave_grace(full.spec);
  full.spec.syncs_files = true;
  scheduler_->prepare(full.spec);
  if (auto moved = move_stale_attempt(full.job, stale_patience); !moved) {
    return not_now(moved.error());
  }
  if (auto ended = end_predecessors(full); !ended) return ended.error();
  tell_superseded(full);
  if (auto written = write_job_files(full); !written) return written.error();
  auto id = scheduler_->submit(full);
  known_.insert_or_assign(full.job.name, full.job);
  submitted_ns_.insert_or_assign(full.job.name, now_ns());  // older listings cannot show it
  if (!id) return id.error();
  return Submitted{.native_id = *std::move(id), .is_running = false};
}

// An earlier job of the trial that was given up may be back. The one that holds this attempt's
// claim may go on: the new job will leave it to that.
Result<void> BatchExecutor::end_predecessors(const JobRequest& request) {
  if (request.predecessors.empty()) return {};
  if (auto listed = queries_.refresh(); !listed) {
    return Error{ErrorCode::unavailable, listed.error().what, listed.error().where,
                 listed.error().remedy};
  }
  const MaybeClaim claim = claim_of(request.job);
  std::vector<Sighting> alive;
  for (const std::string& name : request.predecessors) {
    if (over_.contains(name) || (claim && claim->job == name)) continue;
    for (const Sighting* seen : queries_.named(name)) {
      if (may_live(*seen)) alive.push_back(*seen);
    }
  }
  if (alive.empty()) return {};
  if (auto told = scheduler_->cancel(alive); !told) config_.log("warn", told.error().what);
  return Error{ErrorCode::unavailable, "an earlier job of the trial, " + alive.front().name +
                   ", is still there as job " + alive.front().id,
               request.job.directory, "it has been told to end; the trial goes on after it"};
}

// A life begins with what the earlier ones have counted, and goes on by itself.
void BatchExecutor::know(const Job& job) {
  const bool is_new = known_.insert_or_assign(job.name, job).second;
  if (is_new && job.missing > 0s) missing_[job.name] = {now_ns() - job.missing.count()};
}

// Without an id it is one that was never told to be there.
Result<std::vector<JobStatus>> BatchExecutor::poll(std::span<const Job> jobs) {
  withdrawals_left_ = withdrawals_max;
  ask_about_told(jobs);
  std::vector<JobStatus> all(jobs.size());
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    know(jobs[i]);
    if (auto ended = by_exit(jobs[i])) all[i] = noted(jobs[i], *std::move(ended));
    else open.push_back(i);
  }
  if (open.empty()) return all;
  if (auto listed = queries_.refresh(); !listed) {
    for (const std::size_t i : open) all[i].detail = listed.error().what;
    return all;
  }
  std::vector<Job> asked;
  for (const std::size_t i : open) asked.push_back(jobs[i]);
  ask_accounting(asked);
  for (const std::size_t i : open) all[i] = by_listing(jobs[i], jobs[i].native_id.empty());
  return all;
}

Result<JobStatus> BatchExecutor::find(const Job& job) {
  withdrawals_left_ = withdrawals_max;
  know(job);
  if (auto ended = by_exit(job)) return noted(job, *std::move(ended));
  if (auto listed = queries_.refresh(submitted_ns(job)); !listed) return listed.error();
  ask_accounting({&job, 1});
  return by_listing(job, true);
}

// A scheduler ends all processes of a job by a clock of its own, launchers before their ranks. So a
// runner is told alone at first; one that hangs is for the scheduler, when its time is over.
bool BatchExecutor::has_had_grace(const Job& job, const Sighting& seen) {
  const std::chrono::nanoseconds enough = job.grace + end_margin;
  return now_ns() - told_ns_.at(seen.name) >= enough.count();
}

// Names decide; the ids are those that a listing of this moment shows beside them.
Result<void> BatchExecutor::cancel(std::span<const Job> jobs) {
  std::int64_t since_ns = now_ns() - fresh.count();
  for (const Job& job : jobs) {
    cancelled_.insert(job.name);
    since_ns = std::max(since_ns, submitted_ns(job));
  }
  if (auto listed = queries_.refresh(since_ns); !listed) return listed;
  std::vector<Sighting> with_runner;
  std::vector<Sighting> others;
  const auto add = [&](const Job& job, const std::string& name, const MaybeClaim& claim) {
    for (const Sighting* seen : queries_.named(name)) {
      if (!may_live(*seen)) continue;
      const bool has_runner = seen->phase == Phase::running && claim && claim->job == name &&
                              claim->native_id == seen->id;
      if (has_runner && told_ns_.try_emplace(name, now_ns()).second) with_runner.push_back(*seen);
      else if (!has_runner || has_had_grace(job, *seen)) others.push_back(*seen);
    }
  };
  for (const Job& job : jobs) {
    const MaybeClaim claim = claim_of(job);
    add(job, job.name, claim);
    if (claim && claim->job != job.name) add(job, claim->job, claim);
  }
  const auto told = with_runner.empty() ? Result<void>() : scheduler_->tell_runners(with_runner);
  const auto done = others.empty() ? Result<void>() : scheduler_->cancel(others);
  return told ? done : told;
}

void BatchExecutor::forget_all_but(const std::set<std::string>& names) {
  const auto is_over = [&](const auto& entry) { return !names.contains(entry.first); };
  std::erase_if(known_, is_over);
  std::erase_if(submitted_ns_, is_over);
  std::erase_if(missing_, is_over);
  std::erase_if(asked_, is_over);
  std::erase_if(accounted_, is_over);
  std::erase_if(ended_, is_over);
  std::erase_if(end_seen_ns_, is_over);
  std::erase_if(stuck_since_ns_, is_over);
  std::erase_if(surplus_, is_over);
  std::erase_if(told_ns_, [&](const auto& entry) {
    return is_over(entry) && queries_.named(entry.first).empty();
  });
  std::erase_if(cancelled_, [&](const std::string& name) { return !names.contains(name); });
  std::erase_if(over_, [&](const std::string& name) {
    return !names.contains(name) && queries_.named(name).empty();
  });
}

// Many that were told to end at once, as by a preemption, are one question to accounting.
void BatchExecutor::ask_about_told(std::span<const Job> jobs) {
  std::vector<Job> told;
  for (const Job& job : jobs) {
    if (over_.contains(job.name) && end_seen_ns_.contains(job.name)) told.push_back(job);
  }
  if (told.empty() || !queries_.refresh()) return;
  std::erase_if(told, [&](const Job& job) {
    return !queries_.is_after(end_seen_ns_.at(job.name));
  });
  ask_accounting(told);
}

// About those that no listing shows alive, once for each listing.
void BatchExecutor::ask_accounting(std::span<const Job> jobs) {
  std::vector<std::string> names;
  const auto add = [&](const std::string& name, const MaybeClaim& claim) {
    if (knows_end_of(name, claim)) return;
    if (std::exchange(asked_[name], queries_.count()) != queries_.count()) names.push_back(name);
  };
  for (const Job& job : jobs) {
    const Sightings found = queries_.named(job.name);
    const bool is_listed = std::ranges::any_of(
        found, [](const Sighting* seen) { return seen->phase != Phase::ended; });
    if (is_listed || !queries_.is_after(submitted_ns(job))) continue;
    const MaybeClaim claim = claim_of(job);
    add(job.name, claim);
    if (claim) add(claim->job, claim);
  }
  if (names.empty()) return;
  const auto rows = scheduler_->account(names);
  if (!rows) return;  // it may answer the next time
  for (const std::string& name : names) accounted_.erase(name);
  for (const Sighting& row : *rows) {
    if (row.phase == Phase::ended) accounted_[row.name].push_back(row);
  }
}

// Of the job that holds the claim, if there is one: the end of a surplus job is no news of it.
bool BatchExecutor::knows_end_of(const std::string& name, const MaybeClaim& claim) const {
  const auto rows = accounted_.find(name);
  if (rows == accounted_.end()) return false;
  if (!claim || claim->job != name || claim->native_id.empty()) return true;
  return std::ranges::find(rows->second, claim->native_id, &Sighting::id) != rows->second.end();
}

std::int64_t BatchExecutor::submitted_ns(const Job& job) const {
  const auto found = submitted_ns_.find(job.name);
  return found == submitted_ns_.end() ? std::numeric_limits<std::int64_t>::min() : found->second;
}

}  // namespace hpo::batch
