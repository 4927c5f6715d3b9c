// The files of a job on a batch system, beside those of every attempt: job.sh and what it reads.
//
// job.sh is the same bytes for every job. What differs comes as its arguments, and in files:
// `environment` (NAME=value, each ended by a NUL) and `setup.sh`, the study's own lines as they
// are. No value of a parameter is in any of them, and none ever meets the shell. Any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "executors/executor.hpp"

namespace hpo::batch {

extern const std::string_view job_script;

// Exit code of job.sh when it could not even start hpo, to say so in exit.json.
inline constexpr int exit_unprepared = 121;

// Errors as those of Executor::submit.
Result<void> write_job_files(const JobRequest& request);

// What follows the path of job.sh on the command line of a submission.
std::vector<std::string> script_arguments(const std::string& hpo_program,
                                          const JobRequest& request);

}  // namespace hpo::batch
