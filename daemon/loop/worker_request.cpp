// A worker job is `hpo worker` in the place of a training, with no params and no result. Pure.
//
// It asks for the resources of all its slots; what its trainings may have, it learns from hpod.
#include <algorithm>

#include "daemon/loop/job_request.hpp"
#include "daemon/loop/tokens.hpp"
#include "executors/attempt_directory.hpp"
#include "schema/paths.hpp"

namespace hpo::loop {
namespace {

// Of a job's wall time: what passes before the worker runs, and after it until its end is told.
constexpr std::chrono::seconds job_margin{10};

// As it reaches the worker: {…} would be a parameter's value.
std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) out += c == '{' || c == '}' ? std::string(2, c) : std::string(1, c);
  return out;
}

std::string list_of(const std::vector<int>& devices) {
  std::string text;
  for (const int device : devices) text += (text.empty() ? "" : ",") + std::to_string(device);
  return text;
}

std::vector<std::string> command_of_worker(const LoopConfig& config, const StudySpec& spec,
                                           const WorkerJob& worker) {
  std::vector<std::string> command{escaped(config.hpo_program), "worker", "--study", spec.name,
                                   "--slots", std::to_string(spec.slots_per_worker()), "--name",
                                   worker.name};
  if (is_batch(spec.executor.type) && spec.executor.time) {
    const auto time = std::max(*spec.executor.time - job_margin, std::chrono::seconds(1));
    command.insert(command.end(), {"--max-time", std::to_string(time.count()) + "s"});
  }
  if (spec.executor.gpus > 0) {  // a batch system chooses them: the job's environment tells
    command.insert(command.end(), {"--gpus", is_batch(spec.executor.type)
                                                 ? "job" : list_of(worker.attempt.devices)});
  }
  return command;
}

AttemptSpec spec_of_worker(const LoopConfig& config, const StudySpec& spec,
                           const WorkerJob& worker) {
  AttemptSpec out = attempt_spec_of(spec);
  out.is_worker = true;
  out.trial = worker.attempt.number;
  out.job = worker.attempt.job;
  out.command = command_of_worker(config, spec, worker);
  out.params = "{}";
  out.secrets.clear();
  out.container.reset();
  out.result = {};
  out.hides_devices = false;  // by slots, it does that itself
  if (!is_batch(spec.executor.type)) out.time.reset();  // there it is each trial's
  out.environment.insert_or_assign("HPO_STATE_DIR", config.state_directory);
  out.ended_directory = StatePaths{config.state_directory}.ended();
  return out;
}

}  // namespace

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
                             .grace = spec.executor.grace},
                     .spec = spec_of_worker(config, spec, worker),
                     .executor = spec.job_executor(), .environment = spec.environment,
                     .predecessors = std::move(predecessors)};
  request.spec.identity = request.job.identity;
  request.connect = connect_file_of_job(config, spec.name, request.job.name);
  if (!request.connect.empty()) {
    request.spec.command.insert(request.spec.command.end(),
                                {"--else-connect", escaped(connect_path(request.job))});
  }
  return request;
}

}  // namespace hpo::loop
