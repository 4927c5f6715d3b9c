// See memory.hpp. https://docs.kernel.org/admin-guide/cgroup-v2.html, "memory.events"
#include "executors/runner/memory.hpp"

#include <charconv>
#include <string_view>

#include "executors/runner/files.hpp"

namespace hpo::runner {
namespace {

constexpr std::size_t cgroup_bytes_max = 64 * 1024;

// The number after "oom_kill " at the start of a line.
std::optional<std::int64_t> counter_in(const std::string& path) {
  const auto text = read_file(path, cgroup_bytes_max);
  if (!text) return std::nullopt;
  const std::string lines = "\n" + *text;
  constexpr std::string_view key = "\noom_kill ";
  const std::size_t at = lines.find(key);
  if (at == std::string::npos) return std::nullopt;
  std::int64_t count = 0;
  const auto read = std::from_chars(lines.data() + at + key.size(),
                                    lines.data() + lines.size(), count);
  return read.ec == std::errc() ? std::optional(count) : std::nullopt;
}

// Lines are "ID:CONTROLLERS:PATH"; v2 has ID 0 and no controllers.
std::optional<std::int64_t> counter_of(const std::string& root, std::string_view line) {
  const std::size_t first = line.find(':');
  const std::size_t second = line.find(':', first == std::string_view::npos ? first : first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const std::string controllers = "," + std::string(line.substr(first + 1, second - first - 1)) +
                                  ",";
  const std::string path(line.substr(second + 1));
  if (controllers == ",,") return counter_in(root + path + "/memory.events");
  if (controllers.find(",memory,") == std::string::npos) return std::nullopt;
  return counter_in(root + "/memory" + path + "/memory.oom_control");
}

}  // namespace

std::optional<std::int64_t> memory_kills(const std::string& root, const std::string& membership) {
  const auto text = read_file(membership, cgroup_bytes_max);
  if (!text) return std::nullopt;
  std::string_view rest = *text;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    if (const auto count = counter_of(root, rest.substr(0, end))) return count;
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  return std::nullopt;
}

}  // namespace hpo::runner
