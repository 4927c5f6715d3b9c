// The part of batch_executor.hpp that acts: submissions, questions, cancels.
#include "executors/batch/batch_executor.hpp"

#include <algorithm>

#include "executors/attempt_directory.hpp"
#include "executors/batch/job_files.hpp"
#include "executors/stale_attempt.hpp"

namespace hpo::batch {
namespace {

using namespace std::chrono_literals;

constexpr auto stale_patience = 10s;
constexpr auto startup_margin = 5s;  // of a job: until the runner measures the time itself
constexpr std::chrono::nanoseconds fresh = 2s;
constexpr std::size_t own_prefix = 7;  // "hpo" and the installation's four characters

bool is_stoppable(const Sighting& seen) {
  return seen.phase == Phase::queued || seen.phase == Phase::held || seen.phase == Phase::running;
}

// The wall time is the scheduler's to end, at once; the training's own ends earlier, by its grace.
void leave_grace(AttemptSpec& spec) {
  if (spec.time) spec.time = std::max<std::chrono::seconds>(
      *spec.time - spec.grace - startup_margin, 1s);
}

}  // namespace

BatchExecutor::BatchExecutor(const ExecutorConfig& config, std::unique_ptr<Scheduler> scheduler)
    : config_(config), scheduler_(std::move(scheduler)),
      queries_(*scheduler_, config.monotonic_ns, config.batch.poll_interval) {}

Result<Submitted> BatchExecutor::submit(const JobRequest& request) {
  JobRequest full = request;
  leave_grace(full.spec);
  scheduler_->prepare(full.spec);
  if (auto moved = move_stale_attempt(full.job, stale_patience); !moved) {
    return not_now(moved.error());
  }
  if (auto written = write_job_files(full); !written) return written.error();
  auto id = scheduler_->submit(full);
  last_submit_ns_ = now_ns();  // a listing from before cannot show it
  if (!id) return id.error();
  return Submitted{.native_id = *std::move(id), .is_running = false};
}

Result<std::vector<JobStatus>> BatchExecutor::poll(std::span<const Job> jobs) {
  std::vector<JobStatus> all(jobs.size());
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    if (auto ended = by_exit(jobs[i])) all[i] = *std::move(ended);
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
  for (const std::size_t i : open) all[i] = by_listing(jobs[i], false);
  return all;
}

Result<JobStatus> BatchExecutor::find(const Job& job) {
  if (auto ended = by_exit(job)) return *std::move(ended);
  if (auto listed = queries_.refresh(last_submit_ns_); !listed) return listed.error();
  ask_accounting({&job, 1});
  return by_listing(job, true);
}

// Names decide; the ids are those that a listing of this moment shows beside them, one that knows of
// the last submission too: what it lacks is left alone until the next request to go.
Result<void> BatchExecutor::cancel(std::span<const Job> jobs) {
  for (const Job& job : jobs) cancelled_.insert(job.name);
  const std::int64_t since_ns = std::max(now_ns() - fresh.count(), last_submit_ns_);
  if (auto listed = queries_.refresh(since_ns); !listed) return listed;
  std::vector<Sighting> found;
  for (const Job& job : jobs) {
    for (const Sighting* seen : queries_.named(job.name)) {
      if (is_stoppable(*seen)) found.push_back(*seen);
    }
  }
  return found.empty() ? Result<void>() : scheduler_->cancel(found);
}

// One that two listings show, while nobody here knows it: a submission that came late, after it
// had been given up, or one of a database that was restored since.
void BatchExecutor::cancel_strays(std::span<const std::string> live) {
  const std::set<std::string> known(live.begin(), live.end());
  const auto is_over = [&](const auto& entry) { return !known.contains(entry.first); };
  std::erase_if(missing_, is_over);
  std::erase_if(accounted_, is_over);
  std::erase_if(end_seen_ns_, is_over);
  std::erase_if(stuck_since_ns_, is_over);
  std::erase_if(cancelled_, [&](const std::string& name) { return !known.contains(name); });
  if (!queries_.refresh() || queries_.count() == strays_listing_) return;
  strays_listing_ = queries_.count();
  std::vector<Sighting> found;
  std::set<std::string> seen_now;
  for (const auto& [name, seen] : queries_.all()) {
    const bool is_ours = name.substr(0, own_prefix) == "hpo" + config_.installation;
    if (!is_ours || known.contains(name) || !is_stoppable(seen)) continue;
    seen_now.insert(name);
    if (strays_.contains(name)) found.push_back(seen);
  }
  strays_ = std::move(seen_now);
  if (found.empty()) return;
  config_.log("warn", "incident: " + std::to_string(found.size()) +
                          " jobs that no attempt waits for are cancelled, as " +
                          found.front().name + " id=" + found.front().id);
  if (auto done = scheduler_->cancel(found); !done) config_.log("warn", done.error().what);
}

void BatchExecutor::ask_accounting(std::span<const Job> jobs) {
  std::vector<std::string> names;
  for (const Job& job : jobs) {
    if (queries_.named(job.name).empty() && !accounted_.contains(job.name)) {
      names.push_back(job.name);
    }
  }
  if (names.empty()) return;
  auto rows = scheduler_->account(names);
  if (!rows) return;  // it may answer the next time
  for (Sighting& row : *rows) {
    if (row.phase == Phase::ended) accounted_.insert_or_assign(row.name, std::move(row));
  }
}

}  // namespace hpo::batch
