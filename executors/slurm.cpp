// slurm: jobs are submitted by sbatch, one for each attempt. See batch/ for the protocol.
#include "executors/batch/batch_executor.hpp"
#include "executors/slurm/slurm_scheduler.hpp"

namespace hpo {

Result<std::unique_ptr<Executor>> make_slurm(const ExecutorConfig& config) {
  if (!config.hpo_program.starts_with('/')) {
    return Error{ErrorCode::invalid_argument, "the executor 'slurm' needs the path of hpo",
                 config.hpo_program, "install hpo beside hpod"};
  }
  if (!config.monotonic_ns || !config.utc_ns) {
    return Error{ErrorCode::invalid_argument, "the executor 'slurm' needs the daemon's clocks",
                 "ExecutorConfig", "hand them in"};
  }
  return std::unique_ptr<Executor>(std::make_unique<batch::BatchExecutor>(
      config, std::make_unique<slurm::SlurmScheduler>(config)));
}

}  // namespace hpo
