// See dry_job.hpp.
#include "cli/dry_job.hpp"

#include "cli/programs.hpp"
#include "executors/slurm/arguments.hpp"
#include "schema/codec/codec.hpp"
#include "schema/json/writer.hpp"

namespace hpo::cli {

JobRequest job_request(const StudySpec& spec, const std::string& directory, std::string_view job) {
  JobRequest request{.job = {.name = std::string(job), .directory = directory, .native_id = {},
                             .identity = {}},
                     .spec = attempt_spec_of(spec), .executor = spec.job_executor(),
                     .environment = spec.environment, .predecessors = {}};
  slurm::prepare(request.spec);
  return request;
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
