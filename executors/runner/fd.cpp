// See fd.hpp.
#include "executors/runner/fd.hpp"

#include <dirent.h>
#include <sys/syscall.h>

#include <cstdlib>
#include <memory>
#include <vector>

namespace hpo::runner {

void close_from(int first) {
#ifdef SYS_close_range
  if (::syscall(SYS_close_range, static_cast<unsigned>(first), ~0U, 0) == 0) return;
#endif
  const std::unique_ptr<DIR, int (*)(DIR*)> all(::opendir("/proc/self/fd"), ::closedir);
  std::vector<int> open;  // closed later: not while the directory is being read
  while (const dirent* entry = all ? ::readdir(all.get()) : nullptr) {
    const int fd = std::atoi(entry->d_name);
    if (fd >= first && fd != ::dirfd(all.get())) open.push_back(fd);
  }
  for (const int fd : open) ::close(fd);
}

}  // namespace hpo::runner
