// See job_events.hpp. Engine strand.
#include "daemon/loop/job_events.hpp"

namespace hpo::loop {
namespace {

std::vector<int> held_by(const StudyLoop& loop, const std::string& name) {
  std::vector<int> held;
  for (const auto& [number, live] : loop.study.open) {
    const Lease& lease = live.trial.lease;
    if (lease.is_held() && job_name_of_worker(lease.worker) == name) held.push_back(number);
  }
  return held;
}

// Whoever knows that a worker is dead need not wait for its leases to run out.
Result<void> end_leases(Ledger& ledger, StudyLoop& loop, const std::string& name,
                        const std::string& why) {
  const std::vector<int> held = held_by(loop, name);
  const Outcome lost{.status = OutcomeStatus::lost, .failure = FailureClass::lost, .message = why};
  for (const int number : held) {
    const engine::LiveTrial& live = loop.study.open.at(number);
    const bool is_ahead = loop.study.leased.contains(number);
    auto ended = is_ahead ? ledger.record(loop, TrialReturned{number, live.trial.lease.fence})
                          : ledger.record(loop, AttemptEnded{number, live.attempt->number, lost});
    if (!ended) return ended;
  }
  return {};
}

}  // namespace

std::vector<int> begun_by(const StudyLoop& loop, int worker) {
  std::vector<int> begun = held_by(loop, loop.study.workers.at(worker).name);
  std::erase_if(begun, [&](int trial) { return !loop.study.running.contains(trial); });
  return begun;
}

EventBody job_submitted(const JobRef& ref, const std::string& native_id, bool is_running) {
  const auto& [is_worker, number] = ref.owner;
  if (is_worker) return WorkerSubmitted{number, ref.job.name, native_id, is_running};
  return AttemptSubmitted{number, ref.attempt, ref.job.name, native_id, is_running};
}

EventBody job_rejected(const JobRef& ref, const std::string& message) {
  const auto& [is_worker, number] = ref.owner;
  if (is_worker) return WorkerRejected{number, message};
  return AttemptRejected{number, ref.attempt, FailureClass::rejected, message};
}

EventBody job_unknown(const JobRef& ref, const std::string& message) {
  const auto& [is_worker, number] = ref.owner;
  if (is_worker) return WorkerUnknown{number, message, ref.job.name};
  return AttemptUnknown{number, ref.attempt, message, ref.job.name};
}

EventBody job_absent(const JobRef& ref, const std::string& message) {
  const auto& [is_worker, number] = ref.owner;
  if (is_worker) return WorkerAbsent{number, message, ref.job.name};
  return AttemptAbsent{number, ref.attempt, message, ref.job.name};
}

EventBody job_running(const JobRef& ref) {
  const auto& [is_worker, number] = ref.owner;
  if (is_worker) return WorkerRunning{number};
  return AttemptRunning{number, ref.attempt};
}

Result<void> record_end(Ledger& ledger, StudyLoop& loop, const JobRef& ref,
                        const Outcome& outcome) {
  const auto& [is_worker, number] = ref.owner;
  if (!is_worker) return ledger.record(loop, AttemptEnded{number, ref.attempt, outcome});
  const std::string name = loop.study.workers.at(number).name;
  const std::string why = "its worker job " + std::to_string(number) + " has ended" +
                          (outcome.message.empty() ? "" : ": " + outcome.message);
  if (auto ended = end_leases(ledger, loop, name, why); !ended) return ended;
  return ledger.record(loop, WorkerEnded{number, outcome});
}

}  // namespace hpo::loop
