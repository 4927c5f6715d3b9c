// The request of a worker job, as job_request.cpp makes those of attempts. Pure.
#include "daemon/loop/job_request.hpp"
#include "daemon/loop/tokens.hpp"
#include "executors/attempt_directory.hpp"
#include "schema/paths.hpp"
#include "schema/worker_spec.hpp"

namespace hpo::loop {

std::string worker_directory(const LoopConfig& config, const StudySpec& spec, int worker) {
  return StatePaths{config.state_directory}.worker(spec.name, worker);
}

std::string worker_identity(const std::string& installation, const engine::Study& study,
                            int worker) {
  return installation + "-" + std::to_string(study.progress.created_ns) + "-w" +
         std::to_string(worker);
}

std::string worker_job_name(const std::string& installation, int worker) {
  return "hpo" + installation + "-w" + std::to_string(worker);
}

JobRequest worker_request(const LoopConfig& config, const std::string& installation,
                          const engine::Study& study, int number,
                          std::vector<std::string> predecessors) {
  const StudySpec& spec = *study.spec;
  const WorkerJob& worker = study.workers.at(number);
  JobRequest request{.job = {.name = worker.attempt.job,
                             .directory = worker_directory(config, spec, number),
                             .native_id = {},
                             .identity = worker_identity(installation, study, number),
                             .grace = spec.executor.grace, .has_result = false},
                     .spec = worker_spec_of(spec, {.hpo_program = config.hpo_program,
                                                   .state_directory = config.state_directory,
                                                   .name = worker.name,
                                                   .number = worker.attempt.number,
                                                   .job = worker.attempt.job,
                                                   .devices = worker.attempt.devices}),
                     .executor = spec.job_executor(), .environment = spec.environment,
                     .predecessors = std::move(predecessors)};
  request.spec.identity = request.job.identity;
  request.connect = connect_file_of_job(config, spec.name, request.job.name);
  if (!request.connect.empty()) {
    request.spec.command.insert(request.spec.command.end(),
                                {"--else-connect", escaped_word(connect_path(request.job))});
  }
  return request;
}

}  // namespace hpo::loop
