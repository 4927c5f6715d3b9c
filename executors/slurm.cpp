// slurm: jobs are submitted by sbatch, one for each attempt. See batch/ for the protocol.
#include "executors/batch/batch_executor.hpp"
#include "executors/slurm/slurm_scheduler.hpp"

namespace hpo {

Result<std::unique_ptr<Executor>> make_slurm(const ExecutorConfig& config) {
  return std::unique_ptr<Executor>(std::make_unique<batch::BatchExecutor>(
      config, std::make_unique<slurm::SlurmScheduler>(config)));
}

}  // namespace hpo
