// See files.hpp.
#include "executors/runner/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <system_error>

#include "executors/runner/fd.hpp"

namespace hpo::runner {
namespace {

ErrorCode code_of(int number) {
  if (number == ENOSPC || number == EDQUOT) return ErrorCode::no_space;
  if (number == ENOENT || number == ENOTDIR) return ErrorCode::not_found;
  return ErrorCode::internal;
}

std::string remedy_of(int number) {
  if (number == ENOSPC) return "free space on this file system";
  if (number == EDQUOT) return "free space, or ask for more quota on this file system";
  if (number == EACCES || number == EPERM) return "make it accessible to the user of hpo";
  return "check the path and the file system";
}

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno != EINTR) return false;
    if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

// As far as its file system can: some refuse it for directories.
void sync_directory(const std::string& path) {
  const Fd directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory) ::fsync(directory.get());
}

}  // namespace

std::string errno_text(int number) { return std::generic_category().message(number); }

Error file_error(std::string_view what, const std::string& path, int number) {
  return Error{code_of(number), std::string(what) + ": " + errno_text(number), path,
               remedy_of(number)};
}

Result<std::string> read_file(const std::string& path, std::size_t bytes_max) {
  const Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file) return file_error("cannot open the file", path, errno);
  std::string text;
  char buffer[16384];
  for (;;) {
    const ssize_t count = ::read(file.get(), buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return file_error("cannot read the file", path, errno);
    if (count == 0) return text;
    text.append(buffer, static_cast<std::size_t>(count));
    if (text.size() > bytes_max) {
      return Error{ErrorCode::too_large,
                   "the file is larger than " + std::to_string(bytes_max) + " bytes", path,
                   "it was not written by hpo; remove it"};
    }
  }
}

Result<std::string> read_tail(const std::string& path, std::size_t bytes_max) {
  const Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file) return file_error("cannot open the file", path, errno);
  struct stat found{};
  if (::fstat(file.get(), &found) != 0) return file_error("cannot read the file", path, errno);
  const off_t begin = std::max<off_t>(0, found.st_size - static_cast<off_t>(bytes_max));
  std::string text(bytes_max, '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const ssize_t count = ::pread(file.get(), text.data() + size, text.size() - size,
                                  begin + static_cast<off_t>(size));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return file_error("cannot read the file", path, errno);
    if (count == 0) break;
    size += static_cast<std::size_t>(count);
  }
  text.resize(size);
  return text;
}

Result<void> write_file(const std::string& path, std::string_view text, Sync sync) {
  const std::string temporary = path + ".tmp";
  Fd file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file) return file_error("cannot create the file", temporary, errno);
  const bool is_synced = sync == Sync::to_disk;
  if (!write_all(file.get(), text) || (is_synced && ::fsync(file.get()) != 0)) {
    const Error error = file_error("cannot write the file", temporary, errno);
    ::unlink(temporary.c_str());
    return error;
  }
  file.reset();
  if (::rename(temporary.c_str(), path.c_str()) != 0) {
    return file_error("cannot put the file in place", path, errno);
  }
  if (is_synced) sync_directory(parent_of(path));
  return {};
}

Result<void> make_directories(const std::string& path) {
  if (::mkdir(path.c_str(), 0700) == 0) return {};
  if (errno == ENOENT && path.size() > 1) {
    if (auto above = make_directories(parent_of(path)); !above) return above;
    if (::mkdir(path.c_str(), 0700) == 0) return {};
  }
  const int number = errno;
  struct stat found{};
  const bool is_there = ::stat(path.c_str(), &found) == 0 && S_ISDIR(found.st_mode);
  if (number == EEXIST && is_there) return {};
  return file_error("cannot create the directory", path, number);
}

std::string parent_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

std::string name_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? path : path.substr(slash + 1);
}

std::string absolute(const std::string& path, const std::string& base) {
  if (!path.empty() && path.front() == '/') return path;
  return path.empty() ? base : base + "/" + path;
}

}  // namespace hpo::runner
