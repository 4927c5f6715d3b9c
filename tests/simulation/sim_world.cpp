// Jobs on simulated time, beyond the lives of the daemon; the executor's answers come from here.
//
// It notes at once what must never happen: a trial twice at a time, two claims, too many at once.
#include "tests/simulation/sim_world.hpp"

#include <algorithm>

#include "daemon/loop/loop_config.hpp"

namespace hpo::sim {
namespace {

constexpr std::int64_t second_ns = 1'000'000'000;

// As draw_outcome() spoils some: they do not tell their time either.
bool is_whole(const Outcome& outcome) {
  if (outcome.status == OutcomeStatus::completed) return outcome.value.has_value();
  return outcome.status != OutcomeStatus::failed || outcome.failure.has_value();
}

}  // namespace

double value_of(const std::string& params) {
  std::uint64_t hash = 0xcbf29ce484222325U;  // FNV-1a
  for (const char c : params) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return static_cast<double>(hash >> 11U) * 0x1.0p-53;
}

bool World::happens(FaultKind kind) {
  if (!chance_.happens(faults_[kind])) return false;
  count(std::string(word(kind)));
  return true;
}

bool World::is_due(CallFault::Kind kind) {
  const bool fires = ++occasions_[kind] == planned_.at && kind == planned_.kind;
  has_fired_ |= fires;
  return fires;
}

bool World::waits_in_queue() {
  return happens(FaultKind::job_queues) || (is_in_turn_ && jobs_.size() % 4 == 2);
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

// A second submission of an attempt is legal only if the first one was looked for in vain, and
// for as long as it may take to turn up.
void World::check_submission(const Job& job, std::int64_t now_ns) {
  const std::int64_t patience_ns = loop::ExecutorRules{}.absent_after.count();
  for (const auto& [name, other] : jobs_) {
    if (other.attempt != job.attempt) continue;
    const bool was_absent = other.absent_ns > 0 && other.absent_ns + patience_ns <= now_ns;
    if (was_absent) continue;
    violations_.push_back("I4: attempt " + job.attempt + " was submitted again as " + job.name +
                          " though " + name + " exists");
  }
}

void World::check_begin(const Job& job) {
  for (const auto& [name, other] : jobs_) {
    if (other.name == job.name || !other.has_claim || other.attempt != job.attempt) continue;
    violations_.push_back("I4: " + name + " and " + job.name + " both passed the claim of " +
                          job.attempt);
  }
  if (job.worker.empty()) check_begin_of_training(job);
  else check_begin_of_worker(job);
}

void World::check_begin_of_training(const Job& job) {
  int of_study = 1;
  int of_node = 1;
  for (const auto& [name, other] : jobs_) {
    if (other.name == job.name || !other.runs_at(job.begin_ns)) continue;
    if (other.trial == job.trial) {
      violations_.push_back("I3: trial " + job.trial + " runs twice at once");
    }
    of_study += other.study == job.study && other.absent_ns == 0 ? 1 : 0;
    of_node += other.absent_ns == 0 ? 1 : 0;
  }
  if (job.absent_ns > 0) return;  // nobody expected it any more, so nobody kept a place
  if (of_study > limits_.of_study) violations_.push_back("I10: more at once than `parallel`");
  if (of_node > limits_.of_node) violations_.push_back("I10: more at once than slots_max");
}

void World::begin(Job& job) {
  job.has_begun = true;
  if (holder(job.attempt) && !bugs_.skips_claim) {
    return count(job.worker.empty() ? "left at the claim" : "worker job left at the claim");
  }
  job.has_claim = true;
  check_begin(job);
  if (job.worker.empty()) ++trainings_;
}

void World::advance(std::int64_t now_ns) {
  for (;;) {
    Job* next = nullptr;
    for (auto& [name, job] : jobs_) {
      const bool waits = !job.has_begun && !job.is_withdrawn && job.begin_ns <= now_ns;
      if (waits && (!next || job.begin_ns < next->begin_ns)) next = &job;
    }
    if (!next) return;
    begin(*next);
  }
}

// As the contract of submit() asks: whatever an earlier submission started is over by then. What
// has not turned up yet cannot be ended; of the same attempt it will meet the claim.
void World::end_predecessors(const JobRequest& request, const Job& job, std::int64_t now_ns) {
  for (const std::string& name : request.predecessors) {
    Job* earlier = find(name);
    if (!earlier || earlier->is_withdrawn) continue;
    if (!earlier->has_begun) {
      earlier->is_withdrawn = earlier->attempt != job.attempt || earlier->visible_ns <= now_ns;
    } else if (earlier->end_ns > now_ns) {
      earlier->end_ns = now_ns;
      earlier->vanishes = true;
      earlier->returns_ns = 0;
      count("predecessor ended");
    }
  }
}

void World::submit(const JobRequest& request, std::int64_t now_ns, Arrival arrival) {
  Job job{.name = request.job.name, .study = request.spec.study};
  const bool is_worker = request.spec.is_worker;
  job.trial = job.study + (is_worker ? "/w" : "/") + std::to_string(request.spec.trial);
  job.attempt = job.trial + "/" + std::to_string(request.spec.attempt);
  check_submission(job, now_ns);
  end_predecessors(request, job, now_ns);
  job.visible_ns = job.begin_ns = now_ns;
  if (arrival == Arrival::late) {
    job.visible_ns = job.begin_ns = now_ns + second_ns * (20 + chance_.below(30)) / 10;
  } else if (arrival == Arrival::queued) {
    job.begin_ns += second_ns / 2 * (1 + chance_.below(10));
  }
  if (is_worker) {
    become_worker(job, request);
  } else {
    job.end_ns = job.begin_ns + second_ns / 4 + chance_.below(8) * second_ns;
    job.outcome = draw_outcome(request.spec.params);
  }
  const bool comes_back = is_due(CallFault::Kind::job_comes_back);
  job.vanishes = comes_back || happens(FaultKind::job_vanishes);
  if (job.vanishes && (comes_back || happens(FaultKind::job_comes_back))) {
    job.returns_ns = (is_worker ? now_ns : job.end_ns) + second_ns * (1 + chance_.below(6));
  }
  jobs_[job.name] = job;
  advance(now_ns);
}

void World::cancel(const std::string& name, std::int64_t now_ns) {
  Job* job = find(name);
  if (!job || job->visible_ns > now_ns || job->is_withdrawn) return;
  if (!job->has_begun) {
    job->is_withdrawn = true;
  } else if (job->end_ns > now_ns) {
    job->end_ns = now_ns + second_ns / 10;
    job->outcome = Outcome{.status = OutcomeStatus::cancelled};
  }
}

JobStatus World::true_status(const std::string& name, std::int64_t now_ns) {
  Job* job = find(name);
  if (!job || job->visible_ns > now_ns) {
    if (job && job->absent_ns == 0) job->absent_ns = now_ns;
    return {.state = JobState::absent};
  }
  const std::string id = "id-" + name;
  if (job->is_withdrawn) {
    return {.state = JobState::ended, .native_id = id,
            .outcome = Outcome{.status = OutcomeStatus::cancelled}};
  }
  if (!job->has_begun) return {.state = JobState::queued, .native_id = id};
  if (!job->has_claim) job = holder(job->attempt);  // a duplicate left at once
  if (job->end_ns > now_ns) return {.state = JobState::running, .native_id = id};
  if (job->vanishes && (job->returns_ns == 0 || job->returns_ns > now_ns)) {
    return {.state = JobState::gone, .native_id = id, .detail = "vanished"};
  }
  Outcome outcome = job->outcome;
  if (is_whole(outcome)) outcome.started_ns = job->begin_ns, outcome.ended_ns = job->end_ns;
  return {.state = JobState::ended, .native_id = id, .outcome = std::move(outcome)};
}

Outcome World::failure(int which) const {
  const auto at = static_cast<std::size_t>(which) % words<FailureClass>.size();
  const auto failure = static_cast<FailureClass>(at);
  switch (failure) {
    case FailureClass::signal: return {.failure = failure, .signal = 11};
    case FailureClass::rejected:  // told by submit(), and by a job that is gone
    case FailureClass::lost:
    case FailureClass::exit_code: return {.failure = FailureClass::exit_code,
                                          .exit_code = 1 + which % 3};
    default: return {.failure = failure};
  }
}

Outcome World::draw_outcome(const std::string& params) {
  const int number = static_cast<int>(jobs_.size());
  if (is_in_turn_ && number % 3 == 2) return failure(number / 3);
  if (is_in_turn_ && number % 6 == 1) return {.status = OutcomeStatus::pruned};
  if (is_in_turn_ && number % 6 == 3) return {.status = OutcomeStatus::infeasible};
  if (happens(FaultKind::job_fails)) {  // mostly alike where most fail
    const bool is_alike = faults_[FaultKind::job_fails] > 0.5;
    return failure(is_alike ? 0 : chance_.below(1000));
  }
  if (happens(FaultKind::job_asks_retry)) {
    return {.failure = FailureClass::exit_code, .retry_asked = true, .exit_code = 75};
  }
  if (happens(FaultKind::job_spoils_result)) {  // no class, or no value: exit.json is not intact
    return {.status = chance_.happens(0.5) ? OutcomeStatus::completed : OutcomeStatus::failed};
  }
  if (happens(FaultKind::job_taken_away)) return {.status = OutcomeStatus::cancelled};
  if (happens(FaultKind::job_infeasible)) {
    return {.status = OutcomeStatus::infeasible, .exit_code = 3};
  }
  if (happens(FaultKind::job_prunes)) return {.status = OutcomeStatus::pruned, .exit_code = 0};
  return {.status = OutcomeStatus::completed, .exit_code = 0, .value = value_of(params)};
}

}  // namespace hpo::sim
