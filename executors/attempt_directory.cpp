// See attempt_directory.hpp.
#include "executors/attempt_directory.hpp"

#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "executors/runner/files.hpp"
#include "executors/runner/step_tail.hpp"
#include "schema/codec/codec.hpp"
#include "schema/json/writer.hpp"
#include "schema/paths.hpp"

namespace hpo {
namespace {

// What $HPO_PARAMS_FILE names: the training reads it, so it holds no word about paths or jobs.
std::string params_file_text(const AttemptSpec& spec) {
  json::Writer writer;
  writer.object().key("params").raw(spec.params);
  writer.member("seed", spec.seed).member("study", spec.study);
  writer.member("trial", spec.trial).member("attempt", spec.attempt).end();
  return std::move(writer).text() + "\n";
}

// "": no earlier attempt of this trial saved anything. Trainings rename their files into place
// there, so what has its final name is whole. Whose it is its attempt's claim tells: a worker's own
// directory may hold what a study of the same name saved, of another daemon or of before.
std::string newest_checkpoint(const Job& job, int attempt) {
  const std::string base = runner::parent_of(job.directory) + "/checkpoint/";
  for (int earlier = attempt - 1; earlier >= 1; --earlier) {
    const std::string path = base + std::to_string(earlier);
    std::error_code error;
    const bool is_empty = std::filesystem::is_empty(path, error);
    if (!error && !is_empty && claim_of(earlier_attempt(job, earlier))) return path;
  }
  return {};
}

std::string octal(mode_t mode) {
  std::string text = "0000";
  for (std::size_t digit = 0; digit < 3; ++digit) {
    text[3 - digit] = static_cast<char>('0' + ((mode >> (3 * digit)) & 7U));
  }
  return text;
}

}  // namespace

Result<void> write_attempt_directory(const Job& job, const AttemptSpec& spec) {
  if (job.directory.empty() || job.directory.front() != '/') {
    return Error{ErrorCode::invalid_argument, "the attempt's directory is no absolute path",
                 job.directory, "set HPO_STATE_DIR to an absolute path"};
  }
  if (auto made = runner::make_directories(job.directory); !made) return made;
  const runner::Sync sync = spec.syncs_files ? runner::Sync::to_disk : runner::Sync::none;
  const std::string params = job.directory + "/params.json";
  auto written = runner::write_file(params, params_file_text(spec), sync);
  if (!written) return written;
  AttemptSpec full = spec;
  if (full.checkpoint_from.empty()) full.checkpoint_from = newest_checkpoint(job, spec.attempt);
  return runner::write_file(job.directory + "/attempt.json", attempt_spec_to_json(full) + "\n",
                            sync);
}

std::string connect_path(const Job& job) { return job.directory + "/connect.json"; }

Result<void> write_connect_file(const JobRequest& request) {
  if (!request.spec.is_worker) return {};
  const std::string path = connect_path(request.job);
  if (request.connect.empty()) {
    ::unlink(path.c_str());
    return {};
  }
  return runner::write_file(path, request.connect,
                            request.spec.syncs_files ? runner::Sync::to_disk : runner::Sync::none);
}

Job earlier_attempt(Job job, int attempt) {
  const std::string number = std::to_string(attempt);
  job.name.clear();
  job.native_id.clear();
  job.directory = runner::parent_of(job.directory) + "/" + number;
  job.identity = job.identity.substr(0, job.identity.rfind('-') + 1) + number;
  return job;
}

bool is_of(const Job& job, const runner::Claim& claim) {
  return claim.job == job.name || (!job.identity.empty() && claim.identity == job.identity);
}

std::optional<runner::Claim> claim_of(const Job& job) {
  const auto claim = runner::read_claim(job.directory);
  return claim && *claim && is_of(job, **claim) ? *claim : std::nullopt;
}

std::string directory_fault(const std::string& directory) {
  constexpr mode_t own = 0700;
  struct stat found{};
  if (::stat(directory.c_str(), &found) != 0) {
    return directory + " cannot be looked at: " + runner::errno_text(errno);
  }
  if ((found.st_mode & own) != own) {
    return directory + " cannot be used: its mode is " + octal(found.st_mode) +
           "; let the training leave it at 0700, as it found it";
  }
  struct statvfs space{};
  const bool is_full = ::statvfs(directory.c_str(), &space) == 0 && space.f_blocks > 0 &&
                       space.f_bavail == 0;
  return is_full ? "no space is left on the file system of " + directory : std::string();
}

std::string why_no_exit(const std::string& directory) {
  const std::string fault = directory_fault(directory);
  if (!fault.empty()) return fault;
  return "killed, or the machine ran out of memory, or its directory could not be written then "
         "(a full disk)";
}

std::vector<StepTold> left_steps(const Job& job) {
  if (!claim_of(job)) return {};
  return runner::StepTail().finish(job.directory + "/" + std::string(metrics_name));
}

Error not_now(Error error) {
  if (error.code == ErrorCode::internal) error.code = ErrorCode::unavailable;
  error.what += " (" + error.where + ")";
  return error;
}

}  // namespace hpo
