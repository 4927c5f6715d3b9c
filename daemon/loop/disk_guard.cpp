// The reserve file is really allocated, since a sparse one would reserve nothing. Engine strand.
#include "daemon/loop/disk_guard.hpp"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>

#include "schema/paths.hpp"

namespace hpo::loop {
namespace {

// On a small file system our shares are small too: the usual ones might never be free there.
constexpr std::uint64_t space_share = 10;    // a tenth of it
constexpr std::uint64_t reserve_share = 4;

std::uint64_t total_bytes(const std::string& directory) {
  struct statvfs fs {};
  if (::statvfs(directory.c_str(), &fs) != 0) return 0;
  return std::uint64_t{fs.f_blocks} * fs.f_frsize;
}

std::uint64_t at_most_share(std::uint64_t wanted, std::uint64_t total, std::uint64_t share) {
  return total == 0 ? wanted : std::min(wanted, total / share);
}

}  // namespace

std::uint64_t DiskGuard::reserve_bytes() const {
  return at_most_share(config_.reserve_bytes, total_bytes(config_.state_directory), reserve_share);
}

std::uint64_t DiskGuard::needed_bytes() const {
  const std::uint64_t total = total_bytes(config_.state_directory);
  return at_most_share(config_.space_min_bytes, total, space_share) + reserve_bytes();
}

void DiskGuard::make_reserve() const {
  const std::string path = StatePaths{config_.state_directory}.reserve();
  const int fd = ::open(path.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) return;
  if (::posix_fallocate(fd, 0, static_cast<off_t>(reserve_bytes())) != 0) {
    ::unlink(path.c_str());  // half a reserve would only take the space away
  }
  ::close(fd);
}

void DiskGuard::became_full() {
  is_full_ = true;
  ::unlink(StatePaths{config_.state_directory}.reserve().c_str());
}

std::uint64_t DiskGuard::free_bytes() const {
  struct statvfs fs {};
  if (::statvfs(config_.state_directory.c_str(), &fs) != 0) return 0;
  return std::uint64_t{fs.f_bavail} * fs.f_frsize;
}

bool DiskGuard::has_space_again() {
  if (!is_full_ || free_bytes() < needed_bytes()) return false;
  is_full_ = false;
  make_reserve();
  return true;
}

}  // namespace hpo::loop
