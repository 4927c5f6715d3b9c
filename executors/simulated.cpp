// simulated: a real executor that starts nothing and only waits: for tests, demos, benchmarks.
//
// What happens to a job is drawn at submit and written into its native id together with start
// and end on the daemon's clock: poll is a pure function of the id, so jobs go on through a
// restart. Nothing is written to disk. The executor's strand.
#include <deque>
#include <map>
#include <string>
#include <unordered_map>

#include "executors/executor.hpp"
#include "executors/simulated_plan.hpp"

namespace hpo {
namespace {

// Ids are remembered from submit until the daemon has stored them, so a few are enough.
constexpr std::size_t remembered_max = 10'000;

JobStatus ended(const Job& job, OutcomeStatus how, const SimulatedPlan& plan) {
  Outcome outcome;
  outcome.status = how;
  if (how == OutcomeStatus::completed) outcome.value = plan.value;
  if (how != OutcomeStatus::cancelled) outcome.exit_code = how == OutcomeStatus::completed ? 0 : 1;
  if (how == OutcomeStatus::failed) {
    outcome.failure = FailureClass::exit_code;
    outcome.message = "a simulated failure, as \"failures\" of the executor asks for";
  }
  return {.state = JobState::ended, .native_id = job.native_id, .outcome = std::move(outcome),
          .detail = {}};
}

JobStatus status_at(const Job& job, const SimulatedPlan& plan, std::int64_t now_ns) {
  if (now_ns < plan.start_ns) {
    return {.state = JobState::gone, .native_id = job.native_id, .outcome = std::nullopt,
            .detail = "the clock began anew: the machine was started again since"};
  }
  if (now_ns < plan.end_ns) {
    return {.state = JobState::running, .native_id = job.native_id, .outcome = std::nullopt,
            .detail = {}};
  }
  switch (plan.fate) {
    case SimulatedFate::completes: return ended(job, OutcomeStatus::completed, plan);
    case SimulatedFate::fails: return ended(job, OutcomeStatus::failed, plan);
    case SimulatedFate::vanishes: break;
  }
  return {.state = JobState::gone, .native_id = job.native_id, .outcome = std::nullopt,
          .detail = "a simulated loss, as \"losses\" of the executor asks for"};
}

class Simulated final : public Executor {
 public:
  explicit Simulated(const ExecutorConfig& config) : monotonic_ns_(config.monotonic_ns) {}

  Result<Submitted> submit(const JobRequest& request) override;
  Result<std::vector<JobStatus>> poll(std::span<const Job> jobs) override;
  Result<void> cancel(std::span<const Job> jobs) override;
  Result<JobStatus> find(const Job& job) override;

 private:
  std::string id_of(const Job& job) const;

  std::function<std::int64_t()> monotonic_ns_{};
  // Lost at a restart: then a job without a stored id is absent, and a cancel is asked again.
  std::unordered_map<std::string, std::string> ids_{};  // by name
  std::deque<std::string> newest_{};                    // the names in ids_, oldest first
  std::map<std::string, std::int64_t> cancelled_ns_{};  // by name: when
};

Result<Submitted> Simulated::submit(const JobRequest& request) {
  const std::string id = to_text(simulated_plan(request, monotonic_ns_()));
  if (ids_.insert_or_assign(request.job.name, id).second) newest_.push_back(request.job.name);
  if (newest_.size() > remembered_max) {
    ids_.erase(newest_.front());
    newest_.pop_front();
  }
  return Submitted{.native_id = id, .is_running = true};
}

Result<std::vector<JobStatus>> Simulated::poll(std::span<const Job> jobs) {
  std::vector<JobStatus> all;
  for (const Job& job : jobs) {
    auto status = find(job);
    if (!status) return status.error();
    all.push_back(*std::move(status));
  }
  return all;
}

Result<void> Simulated::cancel(std::span<const Job> jobs) {
  for (const Job& job : jobs) cancelled_ns_.try_emplace(job.name, monotonic_ns_());
  return {};
}

Result<JobStatus> Simulated::find(const Job& job) {
  const Job known{.name = job.name, .directory = {}, .native_id = id_of(job)};
  if (known.native_id.empty()) return JobStatus{.state = JobState::absent};
  const auto plan = simulated_plan_from(known.native_id);
  if (!plan) {
    return JobStatus{.detail = "'" + known.native_id + "' is no id of a simulated job"};
  }
  const auto cancel = cancelled_ns_.find(job.name);
  if (cancel != cancelled_ns_.end() && cancel->second < plan->end_ns) {
    return ended(known, OutcomeStatus::cancelled, *plan);
  }
  return status_at(known, *plan, monotonic_ns_());
}

std::string Simulated::id_of(const Job& job) const {
  if (!job.native_id.empty()) return job.native_id;
  const auto found = ids_.find(job.name);
  return found == ids_.end() ? std::string() : found->second;
}

}  // namespace

Result<std::unique_ptr<Executor>> make_simulated(const ExecutorConfig& config) {
  if (!config.monotonic_ns) {
    return Error{ErrorCode::invalid_argument, "the simulated executor needs a clock",
                 "ExecutorConfig::monotonic_ns", "pass the daemon's clock"};
  }
  return std::unique_ptr<Executor>(std::make_unique<Simulated>(config));
}

}  // namespace hpo
