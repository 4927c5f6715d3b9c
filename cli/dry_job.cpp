// See dry_job.hpp.
#include "cli/dry_job.hpp"

#include "cli/programs.hpp"
#include "cli/text.hpp"
#include "executors/slurm/arguments.hpp"
#include "schema/codec/codec.hpp"
#include "schema/json/writer.hpp"
#include "schema/memory_text.hpp"
#include "schema/paths.hpp"
#include "schema/worker_spec.hpp"

namespace hpo::cli {

JobRequest job_request(const StudySpec& spec, const std::string& directory, std::string_view job) {
  JobRequest request{.job = {.name = std::string(job), .directory = directory, .native_id = {},
                             .identity = {}},
                     .spec = attempt_spec_of(spec), .executor = spec.job_executor(),
                     .environment = spec.environment, .predecessors = {}};
  slurm::prepare(request.spec);
  return request;
}

JobRequest worker_job_request(const StudySpec& spec, const std::string& state) {
  const std::string name(given_later);
  JobRequest request{.job = {.name = name, .directory = StatePaths{state}.worker(spec.name, 0),
                             .native_id = {}, .identity = {}},
                     .spec = worker_spec_of(spec, {.hpo_program = own_program(),
                                                   .state_directory = state, .name = name,
                                                   .number = 0, .job = name, .devices = {}}),
                     .executor = spec.job_executor(), .environment = spec.environment,
                     .predecessors = {}};
  if (is_batch(spec.executor.type)) slurm::prepare(request.spec);
  return request;
}

std::string worker_jobs_text(const StudySpec& spec) {
  const ExecutorSpec job = spec.job_executor();
  std::string text = counted(spec.workers, "worker job") + " of " +
                     counted(spec.slots_per_worker(), "slot") + " each, at most " +
                     counted(spec.slots(), "trial") + " at once; a job asks for " +
                     counted(job.cpus, "core");
  if (job.gpus > 0) text += ", " + counted(job.gpus, "GPU");
  if (job.batch.memory_bytes) text += ", " + memory_text(*job.batch.memory_bytes) + " of memory";
  if (is_batch(job.type) && job.time) {
    text += ", " + duration_text(static_cast<double>(job.time->count()));
  }
  return text;
}

std::vector<std::string> submission_of(const JobRequest& request) {
  return slurm::submit_arguments(own_program(), request);
}

std::string job_json(const JobRequest& request) {
  json::Writer writer;
  writer.object().member("script", batch::job_script).key("setup");
  if (request.environment.setup.empty()) writer.null();
  else writer.value(request.environment.setup + "\n");
  writer.key("attempt").raw(attempt_spec_to_json(request.spec));
  writer.member("sbatch", submission_of(request)).end();
  return std::move(writer).text();
}

}  // namespace hpo::cli
