// See result_file.hpp.
#include "executors/runner/result_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>

#include "executors/runner/fd.hpp"
#include "executors/runner/files.hpp"

namespace hpo::runner {
namespace {

constexpr std::int64_t ns_per_s = 1'000'000'000;

Error refused(const std::string& what, const std::string& path, const std::string& remedy) {
  return Error{ErrorCode::invalid_argument, what, path, remedy};
}

std::string_view kind_of(mode_t mode) {
  if (S_ISDIR(mode)) return "a directory";
  if (S_ISFIFO(mode)) return "a named pipe";
  if (S_ISSOCK(mode)) return "a socket";
  return "a device";
}

// Its size, if it is what we read.
Result<std::int64_t> check(int fd, const std::string& path, std::int64_t bytes_max) {
  struct stat found{};
  if (::fstat(fd, &found) != 0) return file_error("cannot look at the result", path, errno);
  if (!S_ISREG(found.st_mode)) {
    return refused("the result is " + std::string(kind_of(found.st_mode)) + ", no regular file",
                   path, "write the result to a plain file of that name");
  }
  if (found.st_size > bytes_max) {
    return refused("the result has " + std::to_string(found.st_size) + " bytes; the limit is " +
                       std::to_string(bytes_max),
                   path, "write numbers only, or raise \"result\": {\"max_bytes\"}");
  }
  return std::int64_t{found.st_size};
}

Error open_error(const std::string& path, int number) {
  if (number == ELOOP) {
    return refused("the result is a symbolic link; links are not followed", path,
                   "write the result itself there, not a link to it");
  }
  if (number == ENXIO) {
    return refused("the result is a socket or device, no regular file", path,
                   "write the result to a plain file of that name");
  }
  return file_error("cannot open the result", path, number);
}

}  // namespace

FileMark mark_of(const std::string& path) {
  struct stat found{};
  if (::lstat(path.c_str(), &found) != 0) return {};
  return {.exists = true, .inode = found.st_ino,
          .modified_ns = found.st_mtim.tv_sec * ns_per_s + found.st_mtim.tv_nsec,
          .size = found.st_size};
}

Result<std::string> read_result(const std::string& path, const FileMark& before,
                                std::int64_t bytes_max) {
  // O_NONBLOCK: a named pipe must not make us wait for its writer.
  const Fd file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!file) return open_error(path, errno);
  const auto bytes = check(file.get(), path, bytes_max);
  if (!bytes) return bytes.error();
  if (before.exists && mark_of(path) == before) {
    return Error{ErrorCode::not_found, "the file is older than this attempt", path,
                 "put {trial} into \"result\": {\"file\"}, so that each trial has its own"};
  }
  std::string text(static_cast<std::size_t>(*bytes) + 1, '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const ssize_t count = ::read(file.get(), text.data() + size, text.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return file_error("cannot read the result", path, errno);
    if (count == 0) break;
    size += static_cast<std::size_t>(count);
  }
  if (size > static_cast<std::size_t>(*bytes)) {
    return refused("the result grew while it was read", path, "write it once, at the end");
  }
  text.resize(size);
  return text;
}

}  // namespace hpo::runner
