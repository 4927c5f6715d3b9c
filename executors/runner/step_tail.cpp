// See step_tail.hpp.
#include "executors/runner/step_tail.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "executors/runner/fd.hpp"

namespace hpo::runner {

void StepTail::skip_all_but_newest(std::int64_t size) {
  const std::int64_t surplus = size - part_.position() - unread_bytes_max_;
  if (surplus <= 0) return;
  bytes_skipped_ += surplus;
  part_.skip_to(part_.position() + surplus);
  lines_.skip();
}

std::vector<StepTold> StepTail::read(const std::string& path, bool is_last) {
  unread_bytes_ = 0;
  const Fd file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat found{};
  const bool is_readable = file && ::fstat(file.get(), &found) == 0 && S_ISREG(found.st_mode);
  if (!is_readable) return {};
  if (part_.begins_anew(file.get(), is_last)) lines_.restart();
  skip_all_but_newest(found.st_size);
  const std::int64_t unread = found.st_size - part_.position();
  if (unread <= 0) return {};
  std::string text(static_cast<std::size_t>(std::min(unread, look_bytes_max)), '\0');
  const ssize_t count = ::pread(file.get(), text.data(), text.size(), part_.position());
  if (count <= 0) return {};
  text.resize(static_cast<std::size_t>(count));
  part_.add(text);
  unread_bytes_ = unread - count;
  return lines_.feed(text);
}

std::vector<StepTold> StepTail::look(const std::string& path) { return read(path, false); }

// A file that is written on, or anew, after its end must not be read for ever.
std::vector<StepTold> StepTail::finish(const std::string& path) {
  std::vector<StepTold> steps = read(path, true);
  if (has_more() && ++last_looks_ < unread_bytes_max_ / look_bytes_max) return steps;
  bytes_skipped_ += std::exchange(unread_bytes_, 0);
  for (StepTold& last : lines_.finish()) steps.push_back(std::move(last));
  return steps;
}

std::int64_t StepTail::take_first_skipped() {
  if (bytes_skipped_ == 0 || std::exchange(is_skip_taken_, true)) return 0;
  return bytes_skipped_;
}

}  // namespace hpo::runner
