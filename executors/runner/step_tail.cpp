// See step_tail.hpp.
#include "executors/runner/step_tail.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "executors/runner/fd.hpp"

namespace hpo::runner {

std::vector<StepTold> StepTail::read(const std::string& path, bool is_last) {
  const Fd file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat found{};
  const bool is_readable = file && ::fstat(file.get(), &found) == 0 && S_ISREG(found.st_mode);
  if (!is_readable) return {};
  if (part_.begins_anew(file.get(), is_last)) lines_.restart();
  const std::int64_t unread = found.st_size - part_.position();
  if (unread <= 0) return {};
  if (unread > look_bytes_max) {
    bytes_skipped_ += unread - look_bytes_max;
    part_.skip_to(found.st_size - look_bytes_max);
    lines_.skip();
  }
  std::string text(static_cast<std::size_t>(std::min(unread, look_bytes_max)), '\0');
  const ssize_t count = ::pread(file.get(), text.data(), text.size(), part_.position());
  if (count <= 0) return {};
  text.resize(static_cast<std::size_t>(count));
  part_.add(text);
  return lines_.feed(text);
}

std::vector<StepTold> StepTail::look(const std::string& path) { return read(path, false); }

std::vector<StepTold> StepTail::finish(const std::string& path) {
  std::vector<StepTold> steps = read(path, true);
  for (StepTold& last : lines_.finish()) steps.push_back(std::move(last));
  return steps;
}

std::int64_t StepTail::take_first_skipped() {
  if (bytes_skipped_ == 0 || std::exchange(is_skip_taken_, true)) return 0;
  return bytes_skipped_;
}

}  // namespace hpo::runner
