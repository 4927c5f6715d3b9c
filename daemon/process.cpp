// See process.hpp.
#include "daemon/process.hpp"

#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hpo::daemon {
namespace {

// Descriptors 0 to 2 must not become the database's: a stray print would write into it.
void guard_standard_descriptors() {
  for (int fd = ::open("/dev/null", O_RDWR); fd >= 0; fd = ::open("/dev/null", O_RDWR)) {
    if (fd > 2) {
      ::close(fd);
      break;
    }
  }
}

// glibc gives every batch's memory back to the kernel and takes it again for the next one.
void keep_freed_memory() {
  constexpr int kept_bytes = 16 << 20;
  ::mallopt(M_TRIM_THRESHOLD, kept_bytes);
  ::mallopt(M_TOP_PAD, 1 << 20);
}

void raise_descriptor_limit() {  // the kernel's default of 1,024 is less than our connections
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

void prepare_process() {
  guard_standard_descriptors();
  raise_descriptor_limit();
  keep_freed_memory();
  ::umask(077);
  ::signal(SIGPIPE, SIG_IGN);
  ::signal(SIGHUP, SIG_IGN);  // the login shell ends; we do not
}

}  // namespace hpo::daemon
