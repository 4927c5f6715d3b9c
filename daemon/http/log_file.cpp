// Opens segment by segment below the state directory, each with O_NOFOLLOW.
#include "daemon/http/log_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

#include "schema/assert.hpp"

namespace hpo::http {
namespace {

class File {
 public:
  explicit File(int fd) : fd_(fd) {}
  File(File&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  File& operator=(File&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~File() {
    if (fd_ >= 0) ::close(fd_);
  }
  int fd() const { return fd_; }

 private:
  int fd_ = -1;
};

Error failed(const std::string& path) {
  const int code = errno;
  const bool is_link = code == ELOOP || code == ENOTDIR;
  return {is_link ? ErrorCode::conflict : ErrorCode::internal,
          "the log cannot be read: " + std::string(std::strerror(code)), path,
          is_link ? "symbolic links are not followed; look at the file by hand"
                  : "check the rights of the directory"};
}

// -1 with errno ENOENT if a directory or the file is not there.
File open_below(const std::string& root, std::string_view below, const std::string& name) {
  File at(::open(root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  while (at.fd() >= 0 && !below.empty()) {
    below.remove_prefix(1);
    const std::size_t slash = below.find('/');
    const std::string segment(below.substr(0, slash));
    below = slash == std::string_view::npos ? std::string_view{} : below.substr(slash);
    at = File(::openat(at.fd(), segment.c_str(),
                       O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  }
  if (at.fd() < 0) return at;
  return File(::openat(at.fd(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
}

// How many bytes at the end belong to a character that the chunk cut off.
std::size_t cut_off(std::string_view text) {
  constexpr std::size_t character_bytes_max = 4;
  for (std::size_t n = 1; n <= std::min(text.size(), character_bytes_max); ++n) {
    const auto byte = static_cast<unsigned char>(text[text.size() - n]);
    if ((byte & 0xC0U) == 0x80U) continue;  // a continuation: its head comes before
    const std::size_t length = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
    return length > n && n < text.size() ? n : 0;
  }
  return 0;
}

Result<std::string> read_bytes(int fd, std::int64_t offset, std::int64_t count,
                               const std::string& path) {
  std::string text(static_cast<std::size_t>(count), '\0');
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t n = ::pread(fd, text.data() + done, text.size() - done,
                              offset + static_cast<std::int64_t>(done));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return failed(path);
    if (n == 0) break;
    done += static_cast<std::size_t>(n);
  }
  text.resize(done);
  return text;
}

}  // namespace

Result<LogChunk> read_log(const std::string& root, const std::string& directory,
                          const std::string& name, const LogRange& range) {
  HPO_ASSERT(directory.rfind(root + "/", 0) == 0, "attempts lie below the state directory");
  const std::string path = directory + "/" + name;
  const File file = open_below(root, std::string_view(directory).substr(root.size()), name);
  if (file.fd() < 0 && errno == ENOENT) return LogChunk{};
  if (file.fd() < 0) return failed(path);
  struct stat status {};
  if (::fstat(file.fd(), &status) != 0) return failed(path);
  if (!S_ISREG(status.st_mode)) {
    return Error{ErrorCode::conflict, "the log is no regular file", path,
                 "look at it by hand; the training has replaced it"};
  }
  const std::int64_t size = status.st_size;
  const std::int64_t from = range.tail < 0 ? std::min(range.offset, size)
                                           : size - std::min({range.tail, size, range.bytes_max});
  const std::int64_t count = std::min(size - from, range.bytes_max);
  auto text = read_bytes(file.fd(), from, count, path);
  if (!text) return text.error();
  const auto read = static_cast<std::int64_t>(text->size());
  if (from + read < size) text->resize(text->size() - cut_off(*text));
  const std::int64_t next = from + static_cast<std::int64_t>(text->size());
  return LogChunk{.text = std::move(*text), .offset = from, .next_offset = next, .size = size};
}

}  // namespace hpo::http
