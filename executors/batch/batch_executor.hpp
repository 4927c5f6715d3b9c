// An executor of jobs on a batch system: the submission protocol, doubts, listings and ends, the
// same for Slurm and PBS. What differs is behind Scheduler.
//
// Who is believed, in this order: exit.json, which the runner wrote; accounting; the listing. A
// job is known by its name, which hpo gives to no other; ids are handed out anew by schedulers that
// lost their state. Absence from one listing means nothing. All memory is what was seen so far, and
// may be lost at any time. The executor's strand.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "executors/batch/queries.hpp"
#include "executors/batch/scheduler.hpp"
#include "executors/executor.hpp"

namespace hpo::batch {

class BatchExecutor final : public Executor {
 public:
  BatchExecutor(const ExecutorConfig& config, std::unique_ptr<Scheduler> scheduler);

  Result<Submitted> submit(const JobRequest& request) override;
  Result<std::vector<JobStatus>> poll(std::span<const Job> jobs) override;
  Result<void> cancel(std::span<const Job> jobs) override;
  Result<JobStatus> find(const Job& job) override;
  void cancel_strays(std::span<const std::string> live) override;

 private:
  struct Missing {  // from working listings
    std::int64_t since_ns = 0;
    int listings = 0;
    int last_listing = 0;
  };
  std::optional<JobStatus> by_exit(const Job& job);
  JobStatus by_listing(const Job& job, bool is_in_doubt);
  JobStatus by_sighting(const Job& job, const Sighting& seen);
  JobStatus by_waiting(const Job& job, const Sighting& seen);
  JobStatus by_end(const Job& job, const Sighting& seen);
  JobStatus by_absence(const Job& job, bool is_in_doubt);
  Outcome attributed(const Job& job, Outcome outcome, const Sighting& seen);
  const Sighting* choose(const Job& job);
  void ask_accounting(std::span<const Job> jobs);
  bool has_waited(const std::string& name);
  std::int64_t now_ns() const { return config_.monotonic_ns(); }

  ExecutorConfig config_;
  std::unique_ptr<Scheduler> scheduler_;
  Queries queries_;
  std::map<std::string, Missing> missing_{};             // by job name; so for all below
  std::map<std::string, Sighting> accounted_{};          // ended, as accounting says
  std::map<std::string, std::int64_t> end_seen_ns_{};
  std::map<std::string, std::int64_t> stuck_since_ns_{};
  std::set<std::string> cancelled_{};                    // at our own wish
  std::set<std::string> strays_{};                       // of the last look
  int strays_listing_ = 0;
  std::int64_t last_submit_ns_ = 0;
};

}  // namespace hpo::batch
