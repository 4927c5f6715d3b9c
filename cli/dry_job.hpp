// The job that would carry out trial 0, or be the study's first worker. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "executors/batch/job_files.hpp"
#include "schema/study.hpp"

namespace hpo::cli {

inline constexpr std::string_view given_later = "(given at the start)";

// As the executor will ask for it, but for the name. `directory`: of the attempt.
JobRequest job_request(const StudySpec& spec, const std::string& directory,
                       std::string_view job = given_later);

// Of worker job 0, of which only the name is not known. `state`: the state directory.
// REQUIRES: the study has worker jobs
JobRequest worker_job_request(const StudySpec& spec, const std::string& state);

// "4 worker jobs of 2 slots each; a job asks for 8 cores, 2 GPUs"
std::string worker_jobs_text(const StudySpec& spec);

// REQUIRES: the study's executor is slurm
std::vector<std::string> submission_of(const JobRequest& request);

// {"script":…,"setup":…|null,"attempt":{…},"sbatch":[argv]}; "attempt" is attempt.json, from which
// the runner takes what it carries out.
std::string job_json(const JobRequest& request);

}  // namespace hpo::cli
