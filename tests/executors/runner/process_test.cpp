// Processes by identity.
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "executors/runner/process.hpp"

using namespace hpo;
using namespace hpo::runner;

TEST_CASE("a process is known by pid, start and boot together", "[process]") {
  const ProcessId self = own_process_id();
  CHECK(is_alive(self));
  CHECK(process_id_from(to_text(self)) == self);
  ProcessId other = self;
  other.start += 1;
  CHECK_FALSE(is_alive(other));
  CHECK_FALSE(send_signal(other.pid, other.start, 0));
  CHECK(send_signal(self.pid, self.start, 0));
  other = self;
  other.boot_id = "another boot";
  CHECK_FALSE(is_alive(other));
  for (const char* text : {"", "1", "1:2", "a:2:b", "0:1:b", "-1:1:b", "99999999999:1:b"}) {
    CHECK_FALSE(process_id_from(text));
  }
}

TEST_CASE("own children are told until they are waited for", "[process]") {
  if (!own_children()) return;  // this kernel does not tell
  const std::vector<int> before = *own_children();
  const pid_t child = ::fork();
  if (child == 0) ::_exit(0);
  std::vector<int> with = before;
  with.push_back(child);
  CHECK(own_children() == with);
  siginfo_t ended{};
  CHECK(::waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOWAIT) == 0);
  CHECK(own_children() == with);
  CHECK(::waitpid(child, nullptr, 0) == child);
  CHECK(own_children() == before);
}

TEST_CASE("descendants: all below a process, but for the spared and what is theirs", "[process]") {
  const std::vector<Process> all{{.pid = 9, .parent = 4}, {.pid = 2, .parent = 1},
                                 {.pid = 4, .parent = 2}, {.pid = 5, .parent = 2},
                                 {.pid = 6, .parent = 1}};
  const auto pids = [](const std::vector<Process>& found) {
    std::vector<int> out;
    for (const Process& process : found) out.push_back(process.pid);
    std::sort(out.begin(), out.end());
    return out;
  };
  CHECK(pids(descendants(all, 2)) == std::vector<int>{4, 5, 9});
  CHECK(pids(descendants(all, 2, {4})) == std::vector<int>{5});
  CHECK(pids(descendants(all, 7)).empty());
}
