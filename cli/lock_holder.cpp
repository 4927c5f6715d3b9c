// Which process holds a state directory: by daemon.lock and /proc.
#include "cli/lock_holder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cstdio>
#include <filesystem>
#include <string>

#include "cli/daemon_process.hpp"
#include "cli/endpoint.hpp"
#include "executors/runner/fd.hpp"
#include "executors/runner/files.hpp"
#include "schema/paths.hpp"

namespace hpo::cli {
namespace {

constexpr std::size_t lock_bytes_max = 4096;

bool is_locked(const std::string& path) {
  const runner::Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  return fd && ::flock(fd.get(), LOCK_SH | LOCK_NB) != 0;
}

// A pid that was used again by another daemon does not have our lock open.
bool has_open(int pid, const std::string& path) {
  struct stat wanted {};
  if (::stat(path.c_str(), &wanted) != 0) return false;
  std::error_code error;
  const std::string descriptors = "/proc/" + std::to_string(pid) + "/fd";
  for (std::filesystem::directory_iterator each(descriptors, error), end; !error && each != end;
       each.increment(error)) {
    struct stat found {};
    if (::stat(each->path().c_str(), &found) == 0 && found.st_dev == wanted.st_dev &&
        found.st_ino == wanted.st_ino) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::optional<int> lock_holder() {
  const auto state = state_directory();
  if (!state) return std::nullopt;
  const std::string path = StatePaths{.root = *state}.lock();
  const auto text = runner::read_file(path, lock_bytes_max);
  int pid = 0;
  char host[256] = {};
  if (!text || std::sscanf(text->c_str(), "pid %d on %255s", &pid, host) != 2) return std::nullopt;
  const bool is_proven = pid > 0 && host == this_host().name && is_locked(path) && is_hpod(pid) &&
                         has_open(pid, path);
  return is_proven ? std::optional(pid) : std::nullopt;
}

}  // namespace hpo::cli
