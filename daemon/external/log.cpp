// See log.hpp.
#include "daemon/external/log.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "executors/runner/fd.hpp"
#include "executors/runner/files.hpp"
#include "executors/runner/text.hpp"

namespace hpo::external {
namespace {

constexpr std::size_t end_bytes = 4096;
constexpr std::size_t words_bytes = 300;

// Links are not followed: the directory is ours, but programs of the user's run beside it.
runner::Fd open_log(const std::string& path) {
  constexpr int flags = O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
  return runner::Fd(::open(path.c_str(), flags, 0600));
}

// The last lines of it, whole.
void cut(const std::string& path) {
  const auto tail = runner::read_tail(path, Log::kept_bytes);
  if (!tail) return;
  const std::size_t line = tail->find('\n');
  const auto written = runner::write_file(
      path, line == std::string::npos ? *tail : tail->substr(line + 1));
  static_cast<void>(written);  // else it is tried again with the next text
}

}  // namespace

void Log::append(std::string_view text) {
  if (path_.empty() || text.empty()) return;
  runner::Fd file = open_log(path_);
  if (!file && runner::make_directories(runner::parent_of(path_))) file = open_log(path_);
  struct stat found{};
  if (!file || ::fstat(file.get(), &found) != 0 || !S_ISREG(found.st_mode)) return;
  text = text.substr(text.size() > kept_bytes ? text.size() - kept_bytes : 0);
  if (::write(file.get(), text.data(), text.size()) < 0) return;
  if (static_cast<std::size_t>(found.st_size) + text.size() > bytes_max) cut(path_);
}

void Log::write(std::string_view text) {
  append(text);
  end_ += text.substr(text.size() > end_bytes ? text.size() - end_bytes : 0);
  if (end_.size() > end_bytes) end_.erase(0, end_.size() - end_bytes);
}

void Log::note(const std::string& what) {
  append((end_.empty() || end_.back() == '\n' ? "hpod: " : "\nhpod: ") + what + "\n");
  end_.clear();
}

std::string Log::last_words() const {
  std::string_view text = end_;
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.remove_suffix(1);
  const std::size_t line = text.rfind('\n');
  return runner::excerpt(text.substr(line == std::string_view::npos ? 0 : line + 1), words_bytes);
}

}  // namespace hpo::external
