// See fake_scheduler.hpp.
#include "tests/executors/batch/fake_scheduler.hpp"

#include <algorithm>

namespace hpo::test {

batch::Sighting& World::add(const std::string& id, const std::string& name, batch::Phase phase,
                            const std::string& state, const std::string& node) {
  jobs.push_back({.id = id, .name = name, .phase = phase, .state = state, .node_list = node});
  return jobs.back();
}

Result<std::string> FakeScheduler::submit(const JobRequest& request) {
  world_.submitted.push_back(request.spec);
  if (world_.submit_error) return *world_.submit_error;
  const std::string id = std::to_string(world_.next_id++);
  world_.add(id, request.job.name, batch::Phase::queued, "PENDING", "");
  return id;
}

Result<std::vector<batch::Sighting>> FakeScheduler::list() {
  ++world_.listings;
  world_.now_ns += world_.list_takes.count();
  if (world_.is_down) return Error{ErrorCode::unavailable, "it is down", "list", "wait"};
  return world_.jobs;
}

Result<std::optional<batch::Sighting>> FakeScheduler::look_up(const batch::Sighting& job) {
  world_.looked_up.push_back(job.id);
  if (world_.is_mute) return Error{ErrorCode::unavailable, "no answer", "look_up", "wait"};
  for (const auto* jobs : {&world_.jobs, &world_.hidden}) {
    const auto seen = std::ranges::find(*jobs, job.id, &batch::Sighting::id);
    if (seen != jobs->end()) return std::optional(*seen);
  }
  return std::optional<batch::Sighting>();
}

Result<std::vector<batch::Sighting>> FakeScheduler::account(std::span<const std::string> names) {
  world_.accounted.emplace_back(names.begin(), names.end());
  if (world_.is_accounting_down) return Error{ErrorCode::unavailable, "down", "account", "wait"};
  std::vector<batch::Sighting> found;
  for (const batch::Sighting& row : world_.accounting) {
    if (std::find(names.begin(), names.end(), row.name) != names.end()) found.push_back(row);
  }
  return found;
}

Result<void> FakeScheduler::cancel(std::span<const batch::Sighting> jobs) {
  for (const auto& job : jobs) world_.cancelled.push_back(job.id + " " + job.name);
  return {};
}

Result<void> FakeScheduler::tell_runners(std::span<const batch::Sighting> jobs) {
  for (const auto& job : jobs) world_.told.push_back(job.id + " " + job.name);
  return {};
}

Outcome FakeScheduler::outcome_of(const batch::Sighting& job, const batch::Traces& traces) {
  Outcome outcome{.status = OutcomeStatus::failed, .failure = FailureClass::infrastructure};
  outcome.message = job.state + (traces.has_claimed ? ", claimed" : "");
  outcome.exit_code = job.exit_code;
  if (job.state == "PREEMPTED") outcome.failure = FailureClass::preempted;
  if (job.state == "TIMEOUT") outcome.failure = FailureClass::timeout;
  if (job.state == "CANCELLED") {
    outcome.status = OutcomeStatus::cancelled;
    outcome.failure.reset();
  }
  return outcome;
}

}  // namespace hpo::test
