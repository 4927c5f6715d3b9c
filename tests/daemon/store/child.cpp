// posix_spawn, never fork alone: a forked child would believe that it holds the parent's locks.
#include "child.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <vector>

namespace hpo::test {

Child::Child(const std::string& test_case, const std::string& db) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  std::vector<std::string> environment{std::string(child_db) + "=" + db};
  for (char** entry = environ; *entry; ++entry) environment.emplace_back(*entry);
  std::vector<char*> env;
  for (std::string& entry : environment) env.push_back(entry.data());
  env.push_back(nullptr);
  std::string program = "/proc/self/exe";
  std::string name = test_case;
  std::array<char*, 3> argv{program.data(), name.data(), nullptr};
  posix_spawn(&pid_, program.c_str(), &actions, nullptr, argv.data(), env.data());
  posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  output_ = ends[0];
}

Child::~Child() {
  if (pid_ > 0) kill();
  if (output_ >= 0) ::close(output_);
}

bool Child::read_any_line(std::string& line) {
  while (buffer_.find('\n') == std::string::npos) {
    std::array<char, 4096> part{};
    const ssize_t got = ::read(output_, part.data(), part.size());
    if (got <= 0) return false;
    buffer_.append(part.data(), static_cast<std::size_t>(got));
  }
  const std::size_t end = buffer_.find('\n');
  line = buffer_.substr(0, end);
  buffer_.erase(0, end + 1);
  return true;
}

std::string Child::read_line() {
  const std::string prefix = child_says;
  for (std::string line; read_any_line(line);) {
    if (line.starts_with(prefix)) return line.substr(prefix.size());
  }
  return "";
}

void Child::kill() {
  ::kill(pid_, SIGKILL);
  (void)wait();
}

int Child::wait() {
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = 0;
  return status;
}

}  // namespace hpo::test
