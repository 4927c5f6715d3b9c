// Builds what an executor needs for one attempt out of the study and the trial.
#pragma once

#include "daemon/engine/study.hpp"
#include "daemon/loop/loop_config.hpp"
#include "executors/executor.hpp"

namespace hpo::loop {

std::string attempt_directory(const LoopConfig& config, const StudySpec& spec, const Attempt& a);

// What no attempt of another database shares, nor one of another study of this name, nor one of a
// restored copy that made its trial anew: a directory that names another identity holds nothing of
// ours. `installation` is the store's. REQUIRES: the trial is open.
std::string attempt_identity(const std::string& installation, const engine::Study& study,
                             const Attempt& a);

// REQUIRES: the trial is open and has an attempt.
JobRequest job_request(const LoopConfig& config, const std::string& installation,
                       const engine::Study& study, int trial,
                       std::vector<std::string> predecessors);

// Of a worker job, as the three above. REQUIRES: it is there
std::string worker_directory(const LoopConfig& config, const StudySpec& spec, int worker);
std::string worker_identity(const std::string& installation, const engine::Study& study,
                            int worker);
JobRequest worker_request(const LoopConfig& config, const std::string& installation,
                          const engine::Study& study, int worker,
                          std::vector<std::string> predecessors);

// WorkerJob::name: unique among all workers of the study.
std::string worker_job_name(const std::string& installation, int worker);

// 31 bits, as every random generator takes them: mixed from the study's seed and the number.
std::uint64_t trial_seed(std::uint64_t study_seed, int trial);

// Of an attempt that a worker begins under this lease: unique by what is in it.
std::string leased_job_name(const std::string& installation, const engine::Study& study, int trial,
                            std::int64_t fence);

// "hpo" + installation (4) + attempt (8), base32: legal in every batch system.
std::string job_name(const std::string& installation, std::uint64_t bits);

}  // namespace hpo::loop
