// Programs on this machine.
#include "cli/programs.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdio>

#include "executors/runner/files.hpp"
#include "schema/paths.hpp"

namespace hpo::cli {
namespace {

bool is_program(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
         ::access(path.c_str(), X_OK) == 0;
}

}  // namespace

std::string find_program(std::string_view name, std::string_view path) {
  while (!path.empty()) {
    const std::size_t end = std::min(path.find(':'), path.size());
    const std::string directory(path.substr(0, end));
    path.remove_prefix(std::min(end + 1, path.size()));
    const std::string candidate = directory + "/" + std::string(name);
    if (!directory.empty() && directory.front() == '/' && is_program(candidate)) return candidate;
  }
  return {};
}

std::string own_program() {
  char buffer[PATH_MAX];
  const ssize_t size = ::readlink("/proc/self/exe", buffer, sizeof buffer);
  return size > 0 ? std::string(buffer, static_cast<std::size_t>(size)) : std::string();
}

Result<std::string> find_hpod() {
  const std::string self = own_program();
  if (!self.empty()) {
    const std::string beside = runner::parent_of(self) + "/hpod";
    if (is_program(beside)) return beside;
  }
  std::string found = find_program("hpod", environment_value("PATH"));
  if (!found.empty()) return found;
  return Error{ErrorCode::not_found, "the daemon's program hpod is neither beside hpo nor in PATH",
               "PATH=" + environment_value("PATH"), "export PATH=/its/directory:$PATH"};
}

Error become_hpod(const std::string& program, std::string option) {
  std::string path = program;
  char* const argv[] = {path.data(), option.data(), nullptr};
  std::fflush(nullptr);
  ::execv(path.c_str(), argv);
  return runner::file_error("cannot start hpod", path, errno);
}

}  // namespace hpo::cli
