// An executor of jobs on a batch system: the submission protocol, doubts, listings and ends, the
// same for Slurm and PBS. What differs is behind Scheduler.
//
// Who is believed about an end, in this order: exit.json, which the runner wrote; the listing while
// it shows the job; accounting. A job is known by its name, which hpo gives to no other; ids are
// handed out anew by schedulers that lost their state. Absence from one listing means nothing. All
// memory is what was seen so far, and may be lost at any time. The executor's strand.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "executors/batch/queries.hpp"
#include "executors/batch/scheduler.hpp"
#include "executors/executor.hpp"
#include "executors/runner/claim.hpp"

namespace hpo::batch {

class BatchExecutor final : public Executor {
 public:
  BatchExecutor(const ExecutorConfig& config, std::unique_ptr<Scheduler> scheduler);

  Result<Submitted> submit(const JobRequest& request) override;
  Result<std::vector<JobStatus>> poll(std::span<const Job> jobs) override;
  Result<void> cancel(std::span<const Job> jobs) override;
  Result<JobStatus> find(const Job& job) override;
  bool cancel_strays(std::span<const std::string> live) override;
  std::vector<Incident> take_incidents() override { return std::exchange(incidents_, {}); }

 private:
  using Sightings = std::vector<const Sighting*>;
  using Ends = std::vector<Sighting>;
  using MaybeClaim = std::optional<runner::Claim>;
  struct Missing {  // from working listings
    std::int64_t since_ns = 0;
    int listings = 0;
    int last_listing = 0;
  };

  // batch_executor.cpp
  void know(const Job& job);
  bool has_had_grace(const Job& job, const Sighting& seen);
  Result<void> end_predecessors(const JobRequest& request);
  void ask_about_told(std::span<const Job> jobs);
  void ask_accounting(std::span<const Job> jobs);
  bool knows_end_of(const std::string& name, const MaybeClaim& claim) const;
  std::int64_t submitted_ns(const Job& job) const;
  void forget_all_but(const std::set<std::string>& names);

  // batch_incidents.cpp
  void record(const std::string& job, const std::string& message);
  void withdraw_surplus(const Sightings& found, const Sighting& kept);
  JobStatus noted(const Job& job, JobStatus status);
  std::set<std::string> names_of_holders() const;

  // batch_judgement.cpp
  std::optional<JobStatus> by_exit(const Job& job);
  JobStatus by_listing(const Job& job, bool is_in_doubt);
  JobStatus by_presence(const Job& job, const Sighting& seen);
  JobStatus by_sighting(const Job& job, const Sighting& seen);
  JobStatus by_waiting(const Job& job, const Sighting& seen);
  JobStatus by_end(const Job& job, const Sighting& seen);
  JobStatus by_absence(const Job& job, bool is_in_doubt);
  JobStatus given_up(const Job& job, const Sighting& hidden, JobStatus answer);
  std::optional<JobStatus> by_question(const Job& job, const Sighting& hidden);
  bool is_moot(const Job& job) const { return !job.has_result && cancelled_.contains(job.name); }
  Outcome attributed(const Job& job, Outcome outcome, const Sighting& seen);
  const Sighting* choose(const Job& job);
  Sightings sightings(const std::string& name) const;
  void remember_end(const Sighting& seen);
  const Sighting& with_exit_code(const Sighting& seen) const;
  bool has_waited(const std::string& name);

  std::int64_t now_ns() const { return config_.monotonic_ns(); }

  ExecutorConfig config_;
  std::unique_ptr<Scheduler> scheduler_;
  Queries queries_;
  std::map<std::string, Job> known_{};                      // by job name; so for all below
  std::map<std::string, std::int64_t> submitted_ns_{};
  std::map<std::string, Missing> missing_{};
  std::map<std::string, int> asked_{};                      // accounting, after which listing
  std::map<std::string, Ends> accounted_{};                 // as accounting says
  std::map<std::string, Ends> ended_{};                     // as a listing once said
  std::map<std::string, std::int64_t> end_seen_ns_{};
  std::map<std::string, std::int64_t> stuck_since_ns_{};
  std::map<std::string, int> surplus_{};                    // withdrawn, after which listing
  std::map<std::string, std::int64_t> told_ns_{};           // its runner, to end
  std::set<std::string> cancelled_{};                       // at our own wish
  std::set<std::string> over_{};                            // ended by exit.json, and yet listed
  std::set<std::string> traced_{};                          // whose duplicates have been told
  std::set<std::string> strays_{};                          // of the last look
  int strays_listing_ = 0;
  std::vector<Incident> incidents_{};
  int withdrawals_left_ = 0;                                // in this call
};

}  // namespace hpo::batch
