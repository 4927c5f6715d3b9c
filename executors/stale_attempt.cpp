// See stale_attempt.hpp.
#include "executors/stale_attempt.hpp"

#include <cerrno>
#include <cstdio>

#include "executors/job_processes.hpp"
#include "executors/runner/claim.hpp"
#include "executors/runner/files.hpp"
#include "schema/codec/codec.hpp"

namespace hpo {
namespace {

constexpr std::size_t spec_bytes_max = 32U << 20U;

// The strangers' jobs of which the directory tells; none: it is ours or new. A torn file tells
// nothing: a power cut leaves such ones, and both are written again.
std::vector<std::string> strangers_in(const Job& job) {
  std::vector<std::string> found;
  const auto add = [&](const std::string& name, const std::string& identity) {
    if (name != job.name && identity != job.identity) found.push_back(name);
  };
  if (const auto text = runner::read_file(job.directory + "/attempt.json", spec_bytes_max); text) {
    if (const auto spec = attempt_spec_from_json(*text); spec) add(spec->job, spec->identity);
  }
  const auto claim = runner::read_claim(job.directory);
  if (claim && *claim) add((*claim)->job, (*claim)->identity);
  return found;
}

// First, so that a crash in between leaves a directory that is still found to be stale.
Result<void> take_checkpoints_along(const Job& job) {
  const std::string from = runner::parent_of(job.directory) + "/checkpoint/" +
                           runner::name_of(job.directory);
  const std::string to = job.directory + "/checkpoint";
  if (::rename(from.c_str(), to.c_str()) == 0 || errno == ENOENT) return {};
  return runner::file_error("cannot move another database's checkpoints aside", from, errno);
}

Result<std::string> move_aside(const std::string& directory) {
  for (int number = 1;; ++number) {
    const std::string to = directory + ".stale." + std::to_string(number);
    if (::rename(directory.c_str(), to.c_str()) == 0) return to;
    if (errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR) continue;  // that one is taken
    return runner::file_error("cannot move another database's attempt aside", directory, errno);
  }
}

}  // namespace

Result<void> move_stale_attempt(const Job& job, std::chrono::milliseconds patience) {
  const std::vector<std::string> strangers = strangers_in(job);
  if (strangers.empty()) return {};
  JobTraces traces{.names = strangers};
  if (const auto claim = runner::read_claim(job.directory); claim && *claim) add(traces, **claim);
  if (auto ended = end_processes_of_jobs(traces, patience); !ended) return ended;
  if (auto taken = take_checkpoints_along(job); !taken) return taken;
  const auto moved = move_aside(job.directory);
  if (!moved) return moved.error();
  if (auto made = runner::make_directories(job.directory); !made) return made;
  return runner::write_file(job.directory + "/runner.log",
                            "hpo: another database's attempt, job " + strangers.front() +
                                ", was here; it is now in " + *moved + "\n");
}

}  // namespace hpo
