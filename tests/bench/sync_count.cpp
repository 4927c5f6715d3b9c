// Preloaded into hpod and its peers: counts the flushes of the write-ahead log, or slows them.
//
// $HPO_BENCH_SYNCS names a file that receives 8 bytes (nanoseconds) for each; with synchronous =
// FULL a commit is one of them. $HPO_BENCH_SYNC_MS makes each flush take so much longer: a disk
// that lies about flushes, or a very good one, then measures as an ordinary one does. Children do
// not inherit either: hpod gives them an environment of their own. Any thread; O_APPEND keeps the
// records whole.
#include <dlfcn.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

int record_file() {
  static const int fd = [] {
    const char* path = std::getenv("HPO_BENCH_SYNCS");
    return path == nullptr ? -1 : ::open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  }();
  return fd;
}

int delay_ms() {
  static const int ms = [] {
    const char* text = std::getenv("HPO_BENCH_SYNC_MS");
    return text == nullptr ? 0 : std::atoi(text);
  }();
  return ms;
}

bool is_log(int fd) {
  std::array<char, 4096> path{};
  const std::string link = "/proc/self/fd/" + std::to_string(fd);
  const ssize_t length = ::readlink(link.c_str(), path.data(), path.size());
  return length > 0 &&
         std::string_view(path.data(), static_cast<std::size_t>(length)).ends_with("-wal");
}

}  // namespace

extern "C" int fdatasync(int fd) {
  using Sync = int (*)(int);
  static const auto next = reinterpret_cast<Sync>(::dlsym(RTLD_NEXT, "fdatasync"));
  const auto start = std::chrono::steady_clock::now();
  const int result = next(fd);
  if (delay_ms() > 0) ::poll(nullptr, 0, delay_ms());
  const std::int64_t took_ns = (std::chrono::steady_clock::now() - start).count();
  if (record_file() >= 0 && is_log(fd)) {
    [[maybe_unused]] const ssize_t told = ::write(record_file(), &took_ns, sizeof took_ns);
  }
  return result;
}
