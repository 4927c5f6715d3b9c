// What hpod asks of its own process.
#include "daemon/process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <catch2/catch.hpp>

using namespace hpo;

TEST_CASE("a process is prepared for connections, private files and closed pipes", "[daemon]") {
  const mode_t before = ::umask(022);
  daemon::prepare_process();
  CHECK(::umask(before) == 077);
  rlimit limit{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &limit) == 0);
  CHECK(limit.rlim_cur == limit.rlim_max);
  for (const int ignored : {SIGPIPE, SIGHUP}) {
    CHECK(::signal(ignored, SIG_DFL) == SIG_IGN);
  }
  for (int fd = 0; fd <= 2; ++fd) CHECK(::fcntl(fd, F_GETFD) >= 0);
}
