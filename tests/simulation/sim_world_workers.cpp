// Worker jobs, which last as long as their workers, and the trials that workers begin themselves.
#include <algorithm>
#include <chrono>
#include <limits>

#include "tests/simulation/sim_world.hpp"

namespace hpo::sim {
namespace {

using namespace std::chrono_literals;

// Of a worker job, until its worker leaves.
constexpr std::int64_t never_ns = std::numeric_limits<std::int64_t>::max();

constexpr std::int64_t brief_ns = std::chrono::nanoseconds(250ms).count();
constexpr std::int64_t long_ns = std::chrono::nanoseconds(2s).count();

std::string word_after(const std::string& option, const std::vector<std::string>& words) {
  return *std::next(std::ranges::find(words, option));
}

}  // namespace

// One that replaces another begins after that one has ended.
void World::check_begin_of_worker(const Job& job) {
  int of_study = 0;
  int slots = 0;
  for (const auto& [name, other] : jobs_) {
    const bool counts = !other.worker.empty() && other.absent_ns == 0;
    if (!counts || !other.runs_at(job.begin_ns)) continue;
    of_study += other.study == job.study ? 1 : 0;
    slots += other.slots;
  }
  if (job.absent_ns > 0) return;
  if (of_study > limits_.workers_of_study) {
    violations_.push_back("I10: more worker jobs at once than `workers`");
  }
  if (slots > limits_.of_node) violations_.push_back("I10: worker jobs exceed slots_max");
}

bool World::runs(const std::string& job, std::int64_t now_ns) const {
  return jobs_.at(job).runs_at(now_ns);
}

std::vector<const World::Job*> World::running_workers(std::int64_t now_ns) const {
  std::vector<const Job*> running;
  for (const auto& [name, job] : jobs_) {
    const bool is_one = !job.worker.empty() && job.runs_at(now_ns);
    if (is_one && job.outcome.status == OutcomeStatus::completed) running.push_back(&job);
  }
  return running;
}

void World::end_worker(const std::string& name, const Outcome& outcome, std::int64_t now_ns) {
  Job& job = jobs_.at(name);
  job.end_ns = now_ns;
  job.outcome = outcome;
}

// It lasts as long as its worker, if that comes to ask for a trial.
void World::become_worker(Job& job, const JobRequest& request) {
  job.worker = word_after("--name", request.spec.command);
  job.slots = std::stoi(word_after("--slots", request.spec.command));
  const bool fails = happens(FaultKind::worker_job_fails);
  job.end_ns = fails ? job.begin_ns + brief_ns : never_ns;
  job.outcome = fails ? failure(0) : Outcome{.status = OutcomeStatus::completed, .exit_code = 0};
}

JobStatus World::status(const std::string& name, std::int64_t now_ns) {
  JobStatus status = true_status(name, now_ns);
  const Job* job = find(name);
  if (!job || job->worker.empty()) return status;
  const bool has_ended = status.state == JobState::ended || status.state == JobState::gone;
  const bool runs_long =
      status.state == JobState::running && job->begin_ns + long_ns < now_ns;
  if (bugs_.hides_dead_workers && has_ended) status.state = JobState::running;
  if (bugs_.buries_living_workers && runs_long) {
    status.state = JobState::ended;
    status.outcome = failure(0);
  }
  return status;
}

Outcome World::begin_pulled(Job job, const std::string& params) {
  ++trainings_;
  job.has_begun = job.has_claim = job.is_pulled = job.vanishes = true;
  job.outcome.status = OutcomeStatus::lost;  // until it has ended
  jobs_[job.name] = std::move(job);
  return draw_outcome(params);
}

void World::end_pulled(const std::string& job, const Outcome& outcome) {
  jobs_.at(job).outcome = outcome;
}

void World::keep_pulled(const std::string& job) { jobs_.at(job).vanishes = false; }

}  // namespace hpo::sim
