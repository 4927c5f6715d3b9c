// Slurm behind batch::Scheduler: sbatch, squeue, scancel, and sacct where there is accounting.
//
// Text output only; see README.md. The executor's strand.
#pragma once

#include <functional>
#include <string>

#include "executors/batch/command.hpp"
#include "executors/batch/scheduler.hpp"
#include "executors/slurm/reasons.hpp"
#include "executors/slurm/wait_limits.hpp"

namespace hpo::slurm {

class SlurmScheduler final : public batch::Scheduler {
 public:
  explicit SlurmScheduler(const ExecutorConfig& config);

  void prepare(AttemptSpec& spec) override;
  Result<std::string> submit(const JobRequest& request) override;
  Result<std::vector<batch::Sighting>> list() override;
  Result<std::optional<batch::Sighting>> look_up(const batch::Sighting& job) override;
  Result<std::vector<batch::Sighting>> account(std::span<const std::string> names) override;
  bool keeps_accounting() const override { return monotonic_ns_() >= no_accounting_until_ns_; }
  Result<void> cancel(std::span<const batch::Sighting> jobs) override;
  Result<void> tell_runners(std::span<const batch::Sighting> jobs) override;
  std::string wait_text(const batch::Sighting& job) override;
  bool waits_for_ever(const batch::Sighting& job) override { return never_clears(job.reason); }
  Outcome outcome_of(const batch::Sighting& job, const batch::Traces& traces) override;

 private:
  std::string hpo_program_;
  std::function<std::int64_t()> monotonic_ns_;
  std::function<std::int64_t()> utc_ns_;
  std::int64_t no_accounting_until_ns_ = 0;
  WaitLimits limits_;
};

}  // namespace hpo::slurm
