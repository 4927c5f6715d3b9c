// See capture.hpp.
#include "executors/runner/capture.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "executors/runner/files.hpp"

namespace hpo::runner {
namespace {

// Bytes that the disk took.
std::int64_t write_at(int fd, std::string_view text, std::int64_t position) {
  std::int64_t done = 0;
  while (!text.empty()) {
    const ssize_t count = ::pwrite(fd, text.data(), text.size(), position + done);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return done;
    done += count;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return done;
}

}  // namespace

Result<Capture> Capture::open(const std::string& path, const CaptureLimits& limits) {
  const int flags = O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
  Fd file(::open(path.c_str(), flags, 0600));
  if (!file) return file_error("cannot open the file for the training's output", path, errno);
  struct stat found{};
  if (::fstat(file.get(), &found) != 0 || !S_ISREG(found.st_mode)) {
    return Error{ErrorCode::internal, "the file for the training's output is no regular file",
                 path, "remove it"};
  }
  return Capture(std::move(file), limits);
}

// Where a byte of the stream lies in the file.
std::int64_t Capture::place(std::int64_t position) const {
  if (position < limits_.head_bytes) return position;
  return limits_.head_bytes + (position - limits_.head_bytes) % limits_.tail_bytes;
}

void Capture::write(std::string_view text) {
  while (!text.empty()) {
    const std::int64_t at = place(total_);
    const bool in_head = total_ < limits_.head_bytes;
    const std::int64_t end = limits_.head_bytes + (in_head ? 0 : limits_.tail_bytes);
    const std::string_view part = text.substr(0, static_cast<std::size_t>(end - at));
    const std::int64_t taken = write_at(file_.get(), part, at);
    refused_ += static_cast<std::int64_t>(part.size()) - taken;
    total_ += taken;  // what comes later follows without a hole
    text.remove_prefix(part.size());
  }
}

std::string Capture::read_at(std::int64_t position, std::int64_t count) const {
  std::string text(static_cast<std::size_t>(count), '\0');
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t got = ::pread(file_.get(), text.data() + done, text.size() - done,
                                position + static_cast<std::int64_t>(done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    done += static_cast<std::size_t>(got);
  }
  text.resize(done);
  return text;
}

void Capture::finish() {
  const std::int64_t kept = limits_.head_bytes + limits_.tail_bytes;
  std::string end;
  if (total_ > kept) {
    const std::int64_t oldest = place(total_);
    end = "\nhpo: " + std::to_string(total_ - kept) + " bytes of output were dropped here\n";
    end += read_at(oldest, kept - oldest);
    end += read_at(limits_.head_bytes, oldest - limits_.head_bytes);
    write_at(file_.get(), end, limits_.head_bytes);
  }
  if (refused_ == 0) return;
  const std::int64_t size =
      end.empty() ? total_ : limits_.head_bytes + static_cast<std::int64_t>(end.size());
  write_at(file_.get(), "\nhpo: the disk did not take " + std::to_string(refused_) +
                            " bytes of output\n", size);
}

std::string Capture::last_lines(int lines, std::int64_t bytes) const {
  const std::int64_t size = ::lseek(file_.get(), 0, SEEK_END);
  const std::int64_t start = std::max<std::int64_t>(0, size - bytes);
  std::string text = read_at(start, size - start);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  std::size_t from = text.size();
  for (int line = 0; line < lines && from > 0 && from != std::string::npos; ++line) {
    from = text.rfind('\n', from - 1);
  }
  if (from != std::string::npos && from < text.size()) text.erase(0, from + (from > 0 ? 1 : 0));
  return text;
}

}  // namespace hpo::runner
