// See arguments.hpp.
#include "executors/slurm/arguments.hpp"

#include <cstdio>

#include "executors/batch/job_files.hpp"
#include "schema/paths.hpp"

namespace hpo::slurm {
namespace {

// "%j" would become the job's id.
std::string plain_pattern(const std::string& path) {
  std::string escaped;
  for (const char c : path) escaped += c == '%' ? std::string("%%") : std::string(1, c);
  return escaped;
}

void add_text(std::vector<std::string>& argv, const char* option, const std::string& value) {
  if (!value.empty()) argv.push_back(option + ("=" + value));
}

void add_resources(std::vector<std::string>& argv, const ExecutorSpec& executor) {
  const BatchSpec& batch = executor.batch;
  add_text(argv, "--account", batch.account);
  add_text(argv, "--partition", batch.partition);
  add_text(argv, "--qos", batch.qos);
  add_text(argv, "--constraint", batch.constraint);
  add_text(argv, "--licenses", batch.licenses);
  add_text(argv, "--reservation", batch.reservation);
  add_text(argv, "--nodes", std::to_string(batch.nodes));
  add_text(argv, "--ntasks-per-node", std::to_string(batch.tasks_per_node));
  add_text(argv, "--cpus-per-task", std::to_string(executor.cpus));
  if (executor.gpus > 0) add_text(argv, "--gpus-per-node", std::to_string(executor.gpus));
  if (batch.memory_bytes) {
    constexpr std::int64_t mebibyte = 1 << 20;
    add_text(argv, "--mem", std::to_string((*batch.memory_bytes + mebibyte - 1) / mebibyte) + "M");
  }
  if (executor.time) add_text(argv, "--time", wall_time(*executor.time));
  if (batch.is_exclusive) argv.push_back("--exclusive");
  argv.insert(argv.end(), batch.extra.begin(), batch.extra.end());
}

// Nothing of the daemon's environment goes along (--export=NONE), and a job that the site requeues
// would find its attempt claimed: it is submitted anew instead.
void add_options(std::vector<std::string>& argv, const JobRequest& request) {
  const std::string& directory = request.job.directory;
  add_text(argv, "--job-name", request.job.name);
  add_text(argv, "--comment", request.spec.study + (request.spec.is_worker ? "/worker-" : "/") +
                                  std::to_string(request.spec.trial));
  for (const char* each : {"--export=NONE", "--no-requeue", "--open-mode=append"}) {
    argv.push_back(each);
  }
  add_text(argv, "--chdir", directory);
  add_text(argv, "--output", plain_pattern(directory + "/" + std::string(job_log_name)));
  add_resources(argv, request.executor);
}

}  // namespace

std::string wall_time(std::chrono::seconds time) {
  const auto minutes = std::chrono::ceil<std::chrono::minutes>(time).count();
  char text[32];
  std::snprintf(text, sizeof text, "%lld-%02lld:%02lld:00",
                static_cast<long long>(minutes / (24 * 60)),
                static_cast<long long>(minutes / 60 % 24), static_cast<long long>(minutes % 60));
  return text;
}

// SLURM_CONF says where a site's configuration lies, if not at the usual place.
batch::Command command(std::vector<std::string> argv, std::chrono::milliseconds patience) {
  return {.argv = std::move(argv), .environment = {"SLURM_TIME_FORMAT=%s", "TZ=UTC0"},
          .kept = {"SLURM_CONF"}, .patience = patience};
}

// --export=NONE makes srun inside the job start its processes without the job's environment. A
// signal other than SIGKILL goes to the job's steps, which are srun's ranks, and not to job.sh.
void prepare(AttemptSpec& spec) {
  spec.id_variable = "SLURM_JOB_ID";
  spec.launcher = "srun";
  spec.tell_ranks = {"scancel", "--signal=TERM"};
  spec.job_variables = {"SLURM_*"};
  spec.environment.try_emplace("SLURM_EXPORT_ENV", "ALL");
}

std::vector<std::string> submit_arguments(const std::string& hpo_program,
                                          const JobRequest& request) {
  std::vector<std::string> argv{"sbatch", "--parsable"};
  add_options(argv, request);
  argv.push_back(request.job.directory + "/job.sh");
  for (std::string& argument : batch::script_arguments(hpo_program, request)) {
    argv.push_back(std::move(argument));
  }
  return argv;
}

// A script that need not be written: Slurm looks at the options alone.
std::vector<std::string> test_arguments(const JobRequest& request) {
  std::vector<std::string> argv{"sbatch", "--test-only"};
  add_options(argv, request);
  argv.push_back("--wrap=true");
  return argv;
}

}  // namespace hpo::slurm
