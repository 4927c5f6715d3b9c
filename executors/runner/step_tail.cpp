// See step_tail.hpp.
#include "executors/runner/step_tail.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <utility>

#include "executors/runner/fd.hpp"

namespace hpo::runner {

std::vector<StepTold> StepTail::look(const std::string& path) {
  const Fd file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat found{};
  const bool is_readable = file && ::fstat(file.get(), &found) == 0 && S_ISREG(found.st_mode);
  if (!is_readable || found.st_size <= position_) return {};
  const std::int64_t unread = found.st_size - position_;
  if (unread > look_bytes_max) {
    bytes_skipped_ += unread - look_bytes_max;
    position_ = found.st_size - look_bytes_max;
    lines_.skip();
  }
  std::string text(static_cast<std::size_t>(found.st_size - position_), '\0');
  const ssize_t count = ::pread(file.get(), text.data(), text.size(), position_);
  if (count <= 0) return {};
  position_ += count;
  return lines_.feed({text.data(), static_cast<std::size_t>(count)});
}

std::vector<StepTold> StepTail::finish(const std::string& path) {
  std::vector<StepTold> steps = look(path);
  for (StepTold& last : lines_.finish()) steps.push_back(std::move(last));
  return steps;
}

std::int64_t StepTail::take_first_skipped() {
  if (bytes_skipped_ == 0 || std::exchange(is_skip_taken_, true)) return 0;
  return bytes_skipped_;
}

}  // namespace hpo::runner
