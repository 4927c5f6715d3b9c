// See read_part.hpp.
#include "executors/runner/read_part.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

namespace hpo::runner {
namespace {

constexpr std::int64_t compared_at_once_bytes = 16 << 10;

// 64 bits of FNV-1a (Fowler, Noll, Vo): a training that forges it harms its own curve alone.
std::uint64_t hash_on(std::uint64_t hash, std::string_view text) {
  for (const char each : text) {
    hash ^= static_cast<unsigned char>(each);
    hash *= 1099511628211U;
  }
  return hash;
}

}  // namespace

bool ReadPart::begins_anew(int fd, bool is_last) {
  struct stat found{};
  if (::fstat(fd, &found) != 0) return false;
  const bool is_other = found.st_dev != device_ || found.st_ino != inode_;
  device_ = found.st_dev;
  inode_ = found.st_ino;
  const bool is_compared = position_ > 0 && is_known() && (is_other || is_last);
  const bool is_anew = found.st_size < position_ || (is_compared && !is_beginning_of(fd)) ||
                       (is_other && position_ > 0 && !is_known());
  if (!is_anew) return false;
  position_ = 0;
  hash_ = 0;
  is_whole_ = true;
  return true;
}

bool ReadPart::is_beginning_of(int fd) const {
  char buffer[compared_at_once_bytes];
  std::uint64_t hash = 0;
  for (std::int64_t at = 0; at < position_;) {
    const auto wanted = static_cast<std::size_t>(std::min(compared_at_once_bytes, position_ - at));
    const ssize_t count = ::pread(fd, buffer, wanted, at);
    if (count <= 0) return false;
    hash = hash_on(hash, {buffer, static_cast<std::size_t>(count)});
    at += count;
  }
  return hash == hash_;
}

void ReadPart::add(std::string_view text) {
  position_ += static_cast<std::int64_t>(text.size());
  if (is_known()) hash_ = hash_on(hash_, text);
}

void ReadPart::skip_to(std::int64_t position) {
  position_ = position;
  is_whole_ = false;
}

}  // namespace hpo::runner
