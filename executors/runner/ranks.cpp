// See ranks.hpp.
#include "executors/runner/ranks.hpp"

#include <signal.h>
#include <spawn.h>
#include <unistd.h>

#include "executors/runner/files.hpp"

namespace hpo::runner {
namespace {

constexpr std::size_t name_bytes_max = 64;
constexpr std::size_t kernel_name_bytes = 15;  // it keeps no more of a program's name

}  // namespace

bool is_launcher(const RankCare& care, int pid) {
  if (care.launcher.empty()) return false;
  const auto name = read_file("/proc/" + std::to_string(pid) + "/comm", name_bytes_max);
  return name && *name == care.launcher.substr(0, kernel_name_bytes) + "\n";
}

bool tell_ranks(const RankCare& care) {
  std::vector<std::string> words = care.tell;
  if (words.empty()) return false;
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  sigset_t none;
  ::sigemptyset(&none);  // our own signals are blocked
  posix_spawnattr_t attributes;
  ::posix_spawnattr_init(&attributes);
  ::posix_spawnattr_setsigmask(&attributes, &none);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  pid_t pid = 0;
  const int failed = ::posix_spawnp(&pid, argv[0], nullptr, &attributes, argv.data(), environ);
  ::posix_spawnattr_destroy(&attributes);
  return failed == 0;
}

}  // namespace hpo::runner
