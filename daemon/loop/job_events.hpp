// What is recorded of a job, be it a trial's or a worker's: the same facts under two names. Pure.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "daemon/loop/ledger.hpp"
#include "daemon/loop/study_loop.hpp"
#include "executors/executor.hpp"

namespace hpo::loop {

struct JobRef {
  std::int64_t study = 0;
  Owner owner{};
  int attempt = 1;  // of a trial
  Job job{};
  std::shared_ptr<runner::StepTail> steps{};  // null: of a worker
  bool is_given_up = false;  // its steps count only with its result
};

using EventBody = decltype(Event::body);

EventBody job_submitted(const JobRef& ref, const std::string& native_id, bool is_running);
EventBody job_rejected(const JobRef& ref, const std::string& message);
EventBody job_unknown(const JobRef& ref, const std::string& message);
EventBody job_absent(const JobRef& ref, const std::string& message);
EventBody job_running(const JobRef& ref);

// The trials that it has begun and not ended. REQUIRES: it is there
std::vector<int> begun_by(const StudyLoop& loop, int worker);

// The end of a worker job is that of its leases too: what had begun is lost, the rest returned.
// Within a transaction.
Result<void> record_end(Ledger& ledger, StudyLoop& loop, const JobRef& ref,
                        const Outcome& outcome);

}  // namespace hpo::loop
