// An executor whose jobs live on simulated time, beyond the lives of the daemon.
//
// It notes at once what must never happen: a trial twice at a time, an attempt submitted again.
#include "tests/simulation/sim_world.hpp"

namespace hpo::sim {
namespace {

constexpr std::int64_t second_ns = 1'000'000'000;

std::string trial_key(const AttemptSpec& spec) {
  return spec.study + "/" + std::to_string(spec.trial);
}

class SimExecutor final : public Executor {
 public:
  SimExecutor(World& world, loop::Threads& threads) : world_(world), threads_(threads) {}

  Result<Submitted> submit(const JobRequest& request) override {
    if (world_.fails_now()) return unclear();
    const Faults& f = world_.faults();
    if (happens(f.submit_unavailable, "submit unavailable")) {
      return Error{ErrorCode::unavailable, "no process can be made", "submit", "wait"};
    }
    if (happens(f.submit_rejected, "submit rejected")) {
      return Error{ErrorCode::invalid_argument, "bad account", "submit", "choose another"};
    }
    if (happens(f.submit_unclear_not, "submit unclear, not accepted")) return unclear();
    world_.start(request, threads_.monotonic_ns());
    if (happens(f.submit_unclear, "submit unclear, accepted")) return unclear();
    return Submitted{"id-" + request.job.name, true};
  }

  Result<std::vector<JobStatus>> poll(std::span<const hpo::Job> jobs) override {
    if (world_.fails_now() || happens(world_.faults().poll_fails, "poll failed")) {
      return Error{ErrorCode::unavailable, "the query failed", "poll", "ask again"};
    }
    std::vector<JobStatus> statuses;
    for (const hpo::Job& job : jobs) statuses.push_back(status(job.name));
    return statuses;
  }

  Result<void> cancel(const hpo::Job& job) override {
    World::Job* found = world_.find(job.name);
    world_.count("cancel");
    if (!found || found->end_ns <= threads_.monotonic_ns()) return {};
    found->end_ns = threads_.monotonic_ns() + second_ns / 10;
    found->outcome = Outcome{.status = OutcomeStatus::cancelled};
    return {};
  }

  Result<JobStatus> find(const hpo::Job& job) override {
    if (world_.fails_now() || happens(world_.faults().find_fails, "find failed")) {
      return Error{ErrorCode::unavailable, "the query failed", "find", "ask again"};
    }
    world_.count("find");
    if (world_.bugs().finds_nothing) return JobStatus{.state = JobState::absent};
    return status(job.name);
  }

 private:
  bool happens(double probability, const std::string& what) {
    if (!world_.chance().happens(probability)) return false;
    world_.count(what);
    return true;
  }

  static Error unclear() {
    return {ErrorCode::outcome_unknown, "no answer in time", "submit", "search by name"};
  }

  JobStatus status(const std::string& name) {
    const World::Job* job = world_.find(name);
    if (!job) return {.state = JobState::absent};
    if (!job->has_claim) job = world_.holder(job->attempt);  // a duplicate left at once
    const std::string id = "id-" + job->name;
    if (job->end_ns > threads_.monotonic_ns()) {
      return {.state = JobState::running, .native_id = id};
    }
    const bool is_back = job->returns_ns > 0 && job->returns_ns <= threads_.monotonic_ns();
    if (job->vanishes && !is_back) {
      return {.state = JobState::gone, .native_id = id, .detail = "vanished"};
    }
    return {.state = JobState::ended, .native_id = id, .outcome = job->outcome};
  }

  World& world_;
  loop::Threads& threads_;
};

}  // namespace

double value_of(const std::string& params) {
  std::uint64_t hash = 0xcbf29ce484222325U;  // FNV-1a
  for (const char c : params) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return static_cast<double>(hash >> 11U) * 0x1.0p-53;
}

std::unique_ptr<Executor> World::executor(loop::Threads& threads) {
  return std::make_unique<SimExecutor>(*this, threads);
}

World::Job* World::find(const std::string& name) {
  const auto found = jobs_.find(name);
  return found == jobs_.end() ? nullptr : &found->second;
}

World::Job* World::holder(const std::string& attempt) {
  for (auto& [name, job] : jobs_) {
    if (job.attempt == attempt && job.has_claim) return &job;
  }
  return nullptr;
}

void World::check_start(const Job& job, std::int64_t now_ns) {
  for (const auto& [name, other] : jobs_) {
    if (other.trial == job.trial && other.has_claim && other.end_ns > now_ns) {
      violations_.push_back("I3: trial " + job.trial + " runs twice at once");
    }
    if (other.attempt == job.attempt) {
      violations_.push_back("I4: attempt " + job.attempt + " was submitted again as " + job.name +
                            " though " + name + " exists");
    }
  }
}

void World::start(const JobRequest& request, std::int64_t now_ns) {
  Job job{.name = request.job.name, .trial = trial_key(request.spec), .start_ns = now_ns};
  job.attempt = job.trial + "/" + std::to_string(request.spec.attempt);
  job.has_claim = bugs_.skips_claim || !holder(job.attempt);
  check_start(job, now_ns);
  job.end_ns = now_ns + second_ns / 4 + static_cast<std::int64_t>(chance_.below(8)) * second_ns;
  job.vanishes = chance_.happens(faults_.job_vanishes);
  if (job.vanishes && chance_.happens(faults_.job_returns)) {
    job.returns_ns = job.end_ns + static_cast<std::int64_t>(1 + chance_.below(6)) * second_ns;
    count("outcome comes late");
  }
  job.outcome = Outcome{.status = OutcomeStatus::completed, .exit_code = 0,
                        .value = value_of(request.spec.params)};
  if (chance_.happens(faults_.job_fails)) {
    job.outcome = Outcome{.failure = FailureClass::exit_code, .exit_code = 1 + chance_.below(3)};
  } else if (chance_.happens(faults_.job_asks_retry)) {
    job.outcome = Outcome{.failure = FailureClass::exit_code, .retry_asked = true, .exit_code = 75};
  } else if (chance_.happens(faults_.job_infeasible)) {
    job.outcome = Outcome{.status = OutcomeStatus::infeasible, .exit_code = 3};
  }
  count(job.vanishes ? "outcome vanished" : "outcome " + std::string(word(job.outcome.status)));
  if (job.has_claim) ++trainings_;
  jobs_[job.name] = job;
}

}  // namespace hpo::sim
