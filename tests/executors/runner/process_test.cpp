// Processes by identity.
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
