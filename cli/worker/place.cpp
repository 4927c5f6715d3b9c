// See place.hpp.
#include "cli/worker/place.hpp"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "cli/text.hpp"
#include "executors/runner/files.hpp"
#include "executors/runner/state_origin.hpp"
#include "schema/json/node.hpp"
#include "schema/paths.hpp"

namespace hpo::cli::worker {
namespace {

// Of its own to the last bit: what is in it may be run.
Result<std::string> fresh_directory() {
  const std::string base = environment_value("TMPDIR");
  std::string path = (base.starts_with('/') ? base : "/tmp") + "/hpo-worker-";
  path += std::string(6, 'X');  // what mkdtemp fills in
  if (::mkdtemp(path.data()) != nullptr) return path;
  return Error{ErrorCode::unavailable, "no directory can be made: " + runner::errno_text(errno),
               path, "name one that takes files: hpo worker --directory DIR"};
}

Result<std::string> own_directory(const std::string& wanted) {
  if (wanted.empty()) return fresh_directory();
  auto path = absolute_here(wanted);
  if (!path) return path;
  if (auto made = runner::make_directories(*path); !made) return made.error();
  return path;
}

Result<void> settle_workdir(Work& work, const PlaceWish& wish) {
  if (!wish.workdir.empty()) {
    auto path = absolute_here(wish.workdir);
    if (!path) return path.error();
    work.attempt.workdir = *std::move(path);
  } else if (!wish.remote) {
    return {};
  }
  struct stat status {};
  const std::string& workdir = work.attempt.workdir;
  if (::stat(workdir.c_str(), &status) == 0 && S_ISDIR(status.st_mode)) return {};
  return Error{ErrorCode::invalid_argument, "the study's working directory is not on this machine",
               workdir, "copy it here, and name it: hpo worker --connect FILE --workdir DIR"};
}

}  // namespace

// The daemon's own file there says so: a path that exists on two machines proves nothing, nor
// does a copy of it.
bool shares_state(const std::string& study_directory, const std::string& fingerprint) {
  const std::size_t name = study_directory.rfind('/');
  const std::size_t studies = study_directory.rfind('/', name - 1);
  if (name == std::string::npos || studies == std::string::npos) return false;
  const StatePaths paths{study_directory.substr(0, studies)};
  const auto text = runner::read_file(paths.endpoint(), endpoint_bytes_max);
  const auto root = text ? json::parse_own(*text, paths.endpoint()) : text.error();
  return root && !fingerprint.empty() && json::text_at(*root, "fingerprint") == fingerprint &&
         !runner::is_copied(runner::state_origin_of(*root), paths.root) &&
         ::access(paths.root.c_str(), W_OK) == 0;
}

Result<bool> settle(Work& work, const PlaceWish& wish) {
  if (auto settled = settle_workdir(work, wish); !settled) return settled.error();
  const bool is_far = wish.remote && !shares_state(work.directory, wish.remote->fingerprint);
  if (wish.directory.empty() && !is_far) return false;
  auto own = own_directory(wish.directory);
  if (!own) return own.error();
  work.directory = *own + "/" + work.attempt.study;
  work.is_own = true;
  return true;
}

}  // namespace hpo::cli::worker
