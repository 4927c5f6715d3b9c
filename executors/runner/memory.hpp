// Was it the kernel's memory guard? SIGKILL alone does not tell; the cgroup's counter does.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace hpo::runner {

// Processes of our cgroup that were killed for memory since it was made; nullopt: not counted
// here. `root` and `membership` differ in tests only. cgroup v2 and v1.
std::optional<std::int64_t> memory_kills(const std::string& root = "/sys/fs/cgroup",
                                         const std::string& membership = "/proc/self/cgroup");

}  // namespace hpo::runner
