// See session_file.hpp.
#include "executors/runner/session_file.hpp"

#include "executors/runner/files.hpp"

namespace hpo::runner {
namespace {

constexpr std::size_t session_bytes_max = 4096;

std::string path_in(const std::string& directory) { return directory + "/session"; }

}  // namespace

Result<void> write_session(const std::string& directory, int leader) {
  const auto process = find_process(leader);
  const ProcessId id{.pid = leader, .start = process ? process->start : 0, .boot_id = boot_id()};
  return write_file(path_in(directory), to_text(id));
}

std::optional<ProcessId> read_session(const std::string& directory) {
  const auto text = read_file(path_in(directory), session_bytes_max);
  auto id = text ? process_id_from(*text) : std::nullopt;
  return id && id->boot_id == boot_id() ? id : std::nullopt;
}

}  // namespace hpo::runner
