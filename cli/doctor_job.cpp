// See doctor_job.hpp.
#include "cli/doctor_job.hpp"

#include <sys/random.h>
#include <unistd.h>

#include <array>
#include <ctime>
#include <filesystem>

#include "cli/dry_job.hpp"
#include "executors/batch/command.hpp"
#include "executors/job_mark.hpp"
#include "executors/runner/attempt.hpp"
#include "executors/runner/claim.hpp"
#include "executors/runner/exit_file.hpp"
#include "executors/runner/files.hpp"
#include "executors/runner/text.hpp"
#include "executors/slurm/arguments.hpp"
#include "executors/slurm/job_end.hpp"
#include "executors/slurm/queue.hpp"
#include "executors/slurm/reasons.hpp"
#include "executors/slurm/states.hpp"
#include "executors/slurm/submission.hpp"
#include "executors/slurm/times.hpp"
#include "schema/paths.hpp"

namespace hpo::cli {
namespace {

using namespace std::chrono_literals;

constexpr auto submit_patience = 60s;
constexpr auto query_patience = 15s;
constexpr std::size_t printed_bytes_max = 64U << 10U;

// A name in braces would be a placeholder of ours.
constexpr const char* script = R"sh(say() { printf '%s %s\n' "$1" "$2"; }
say host "$(uname -n)"
say gpus "$CUDA_VISIBLE_DEVICES"
say path "$PATH"
if [ -n "$1" ]; then say program "$(command -v "$1")"; fi
printf '{"value": 1}\n' >"$HPO_RESULT_FILE"
)sh";

// As the names of all jobs: hpo and twelve letters or digits.
std::string job_name() {
  std::array<unsigned char, 8> bytes{};
  const auto got = ::getrandom(bytes.data(), bytes.size(), 0);
  if (got != static_cast<ssize_t>(bytes.size())) bytes = {};
  std::string name = "hpodoct";
  for (const unsigned char byte : bytes) name += "abcdefghijklmnopqrstuvwxyz012345"[byte % 32];
  return name;
}

Result<batch::CommandResult> run(std::vector<std::string> argv, std::chrono::seconds patience) {
  return batch::run(slurm::command(std::move(argv), patience));
}

std::string text_in(const std::string& path) {
  const auto text = runner::read_file(path, printed_bytes_max);
  return text ? runner::cleaned(*text) : std::string();
}

void add_row(const slurm::QueueRow& row, JobSight& sight) {
  sight.state = row.state;
  const slurm::Phase phase = slurm::phase_of(row.state, row.reason);
  if (phase == slurm::Phase::queued || phase == slurm::Phase::held) {
    const std::string start =
        row.start_s == 0 ? std::string() : slurm::clock_text(row.start_s, std::time(nullptr));
    sight.wait = with_jobs(slurm::explain_wait({.reason = row.reason, .expected_start = start,
                                                .limit = {}}), row.id);
  } else if (phase == slurm::Phase::ended) {
    sight.end = slurm::outcome_of({.state = row.state, .reason = row.reason,
                                   .node_list = row.node_list, .start_s = row.start_s,
                                   .end_s = row.end_s,
                                   .has_claimed = sight.claim_host.has_value()});
  }
}

}  // namespace

StudySpec doctor_study(const StudySpec& like, const std::string& program) {
  StudySpec spec;
  spec.name = "doctor";
  spec.objective.metric = "value";
  spec.command = {"sh", "-c", script, "hpo-doctor", program};
  spec.workdir = like.workdir;
  spec.environment = like.environment;
  spec.executor = like.executor;
  spec.executor.time = 1min;
  spec.executor.batch.nodes = 1;  // as good as many, and sooner free
  return spec;
}

DoctorJob::DoctorJob(const StudySpec& study, const std::string& state) {
  const std::string name = job_name();
  request_ = job_request(study, state + "/doctor/" + name + "/1", name);
  request_.job.identity = name;
  request_.spec.job = name;
  request_.spec.identity = name;
  request_.spec.params = "{}";
}

DoctorJob::~DoctorJob() {
  if (may_be_there_) cancel();
}

Result<void> DoctorJob::submit() {
  if (auto written = batch::write_job_files(request_); !written) return written;
  may_be_there_ = true;
  const auto done = run(submission_of(request_), submit_patience);
  if (!done) {
    may_be_there_ = false;
    return done.error();
  }
  const slurm::SubmitReading reading = slurm::read_submission(
      {.exit_code = done->exit_code, .signal = done->signal, .is_timed_out = done->is_timed_out},
      done->output, done->error);
  may_be_there_ = reading.answer == slurm::SubmitAnswer::accepted ||
                  reading.answer == slurm::SubmitAnswer::unclear;
  if (reading.answer != slurm::SubmitAnswer::accepted) return reading.error;
  request_.job.native_id = reading.id;
  return {};
}

JobSight DoctorJob::look_at_files() const {
  JobSight sight;
  const auto claim = runner::read_claim(directory());
  if (claim && *claim) sight.claim_host = (*claim)->host;
  const auto outcome = read_exit(directory(), request_.job.name, request_.job.identity);
  if (outcome) sight.outcome = *outcome;
  return sight;
}

Result<JobSight> DoctorJob::look() const {
  const auto done = run(slurm::queue_arguments(std::to_string(::getuid())), query_patience);
  if (!done) return done.error();
  JobSight sight = look_at_files();  // behind squeue: a job that it shows ended has left them
  const bool is_whole = done->is_good() && !done->is_timed_out;
  const auto rows = is_whole ? slurm::parse_queue(done->output)
                             : Result<std::vector<slurm::QueueRow>>(
                                   Error{ErrorCode::unavailable, "squeue does not answer",
                                         "squeue", "try it by hand"});
  if (!rows) return rows.error();
  for (const slurm::QueueRow& row : *rows) {
    if (row.name == request_.job.name) add_row(row, sight);
  }
  return sight;
}

std::string DoctorJob::printed() const {
  return text_in(directory() + "/" + std::string(job_log_name));
}

std::string DoctorJob::told() const {
  return text_in(runner::paths_in(directory(), 1).standard_output);
}

// By its name, which is nobody else's: the id may not be known.
bool DoctorJob::cancel() {
  if (!may_be_there_) return true;
  std::vector<std::string> argv{"scancel", "--name=" + request_.job.name};
  if (!id().empty()) argv.push_back(id());
  const auto done = run(std::move(argv), query_patience);
  const auto says = [&](const char* text) { return done->error.find(text) != std::string::npos; };
  const bool is_gone = done && !done->is_timed_out &&
                       (done->is_good() || says("Invalid job id") || says("completed"));
  may_be_there_ = !is_gone;
  return is_gone;
}

void DoctorJob::remove_files() const {
  const std::string own = runner::parent_of(directory());
  std::error_code error;
  std::filesystem::remove_all(own, error);
  std::filesystem::remove(runner::parent_of(own), error);  // if no other one is there
}

}  // namespace hpo::cli
