// The kernel's out-of-memory counter.
#include <catch2/catch.hpp>
#include <filesystem>

#include "executors/runner/memory.hpp"
#include "tests/executors/support.hpp"

using namespace hpo;
using namespace hpo::runner;

TEST_CASE("the kernel's out-of-memory counter is read from cgroup v2 and v1", "[memory]") {
  const test::FreshDirectory root;
  std::filesystem::create_directories(root.path() + "/job");
  std::filesystem::create_directories(root.path() + "/memory/job");
  test::write(root.path() + "/v2", "0::/job\n");
  test::write(root.path() + "/v1", "9:name=systemd:/x\n4:cpu,memory:/job\n");
  test::write(root.path() + "/job/memory.events", "low 0\noom 5\noom_kill 2\n");
  test::write(root.path() + "/memory/job/memory.oom_control", "under_oom 0\noom_kill 7\n");
  CHECK(memory_kills(root.path(), root.path() + "/v2") == 2);
  CHECK(memory_kills(root.path(), root.path() + "/v1") == 7);
  CHECK_FALSE(memory_kills(root.path(), "/nowhere"));
  CHECK_FALSE(memory_kills("/nowhere", root.path() + "/v2"));
}
