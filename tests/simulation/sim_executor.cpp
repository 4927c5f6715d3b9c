// The executor that the daemon sees of the simulated world: four calls, each of which may fail,
// be answered unclearly, or be the daemon's last act.
#include <functional>

#include "tests/simulation/sim_world.hpp"

namespace hpo::sim {
namespace {

class SimExecutor final : public Executor {
 public:
  SimExecutor(World& world, loop::Threads& threads) : world_(world), threads_(threads) {}

  Result<Submitted> submit(const JobRequest& request) override {
    return call<Submitted>([&] { return answer_submit(request); }, unclear());
  }

  Result<std::vector<JobStatus>> poll(std::span<const hpo::Job> jobs) override {
    return call<std::vector<JobStatus>>([&]() -> Result<std::vector<JobStatus>> {
      if (world_.happens(FaultKind::poll_fails)) return failed("poll");
      world_.note_poll(threads_.monotonic_ns());
      std::vector<JobStatus> statuses;
      for (const hpo::Job& job : jobs) statuses.push_back(status(job.name));
      return statuses;
    }, failed("poll"));
  }

  Result<void> cancel(std::span<const hpo::Job> jobs) override {
    return call<void>([&]() -> Result<void> {
      world_.count("cancel");
      if (world_.happens(FaultKind::cancel_fails)) return failed("cancel");
      for (const hpo::Job& job : jobs) world_.cancel(job.name, threads_.monotonic_ns());
      return {};
    }, failed("cancel"));
  }

  Result<JobStatus> find(const hpo::Job& job) override {
    return call<JobStatus>([&]() -> Result<JobStatus> {
      if (world_.happens(FaultKind::find_fails)) return failed("find");
      world_.count("find");
      if (world_.bugs().finds_nothing) return JobStatus{.state = JobState::absent};
      return status(job.name);
    }, failed("find"));
  }

 private:
  using Planned = CallFault::Kind;

  // The planned faults of any call; a failing one has no effect.
  template <class T>
  Result<T> call(const std::function<Result<T>()>& answer, const Error& failure) {
    if (world_.is_due(Planned::kills_before)) throw Killed{};
    if (world_.is_due(Planned::fails)) return failure;
    world_.advance(threads_.monotonic_ns());
    Result<T> result = answer();
    if (world_.is_due(Planned::kills_after)) throw Killed{};
    return result;
  }

  Result<Submitted> answer_submit(const JobRequest& request) {
    if (world_.happens(FaultKind::submit_unavailable)) {
      return Error{ErrorCode::unavailable, "no process can be made", "submit", "wait"};
    }
    if (world_.is_due(Planned::submit_refused) || world_.happens(FaultKind::submit_rejected)) {
      return Error{ErrorCode::invalid_argument, "bad account", "submit", "choose another"};
    }
    if (world_.happens(FaultKind::submit_unclear_not)) return unclear();
    const std::int64_t now_ns = threads_.monotonic_ns();
    if (world_.is_due(Planned::submit_late) || world_.happens(FaultKind::submit_late)) {
      world_.submit(request, now_ns, World::Arrival::late);
      return unclear();
    }
    const bool waits = world_.waits_in_queue();
    world_.submit(request, now_ns, waits ? World::Arrival::queued : World::Arrival::at_once);
    if (world_.is_due(Planned::submit_unclear) || world_.happens(FaultKind::submit_unclear)) {
      return unclear();
    }
    return Submitted{"id-" + request.job.name, !waits};
  }

  JobStatus status(const std::string& name) {
    if (world_.happens(FaultKind::status_unknown)) return {.state = JobState::unknown};
    return world_.status(name, threads_.monotonic_ns());
  }

  static Error unclear() {
    return {ErrorCode::outcome_unknown, "no answer in time", "submit", "search by name"};
  }
  static Error failed(const std::string& call) {
    return {ErrorCode::unavailable, "the query failed", call, "ask again"};
  }

  World& world_;
  loop::Threads& threads_;
};

}  // namespace

std::unique_ptr<Executor> World::executor(loop::Threads& threads) {
  return std::make_unique<SimExecutor>(*this, threads);
}

}  // namespace hpo::sim
