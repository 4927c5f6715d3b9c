// Slurm's commands, and a trial's wishes as options of sbatch. Pure functions, any thread.
//
// Options are argv: they win over SBATCH_* variables and #SBATCH lines, and need no quoting.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "executors/batch/command.hpp"
#include "executors/executor.hpp"

namespace hpo::slurm {

// The whole command: sbatch, its options, the path of job.sh and the arguments of that.
std::vector<std::string> submit_arguments(const std::string& hpo_program,
                                          const JobRequest& request);

// Asks whether Slurm would take the job, and submits nothing: the same options.
std::vector<std::string> test_arguments(const JobRequest& request);

// How each of Slurm's commands is run.
batch::Command command(std::vector<std::string> argv, std::chrono::milliseconds patience);

// Adds what all jobs on Slurm need: variables, and which of them has the job's id.
void prepare(AttemptSpec& spec);

// "1-02:30:00", rounded up to the minute that Slurm counts in.
std::string wall_time(std::chrono::seconds time);

}  // namespace hpo::slurm
