// hpod.log during a start: lines of the log's own, and plain ones of hpod's stderr.
#include "cli/start_log.hpp"

#include <sys/stat.h>

#include <utility>

#include "cli/output.hpp"
#include "cli/terminal.hpp"
#include "cli/text.hpp"
#include "executors/runner/files.hpp"

namespace hpo::cli {
namespace {

constexpr std::size_t log_bytes_max = 64U << 20U;
constexpr std::size_t shown_lines_max = 8;
constexpr std::string_view warning = " warning ";  // behind the time
constexpr std::string_view own = "hpod: ";         // on stderr
constexpr std::string_view countdown = "unless that one stirs";  // daemon/lease.cpp

std::size_t file_size(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? static_cast<std::size_t>(status.st_size) : 0;
}

// True if hpod says that it waits.
bool tell(std::string_view line) {
  if (const auto found = line.find(warning); found != std::string_view::npos) {
    note(printable(line.substr(found + warning.size())));
    return false;
  }
  if (!line.starts_with(own) || !line.ends_with(countdown)) return false;
  note(printable(line.substr(own.size())));
  return true;
}

}  // namespace

StartLog::StartLog(std::string path)
    : path_(std::move(path)), begin_(file_size(path_)), told_(begin_) {}

std::string StartLog::text_since(std::size_t offset) const {
  if (file_size(path_) <= offset) return {};
  const auto text = runner::read_file(path_, log_bytes_max);
  return text && text->size() > offset ? text->substr(offset) : std::string();
}

bool StartLog::tell_news() {
  bool is_waiting = false;
  const std::string text = text_since(told_);
  std::size_t begin = 0;
  for (std::size_t end = 0; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
    if (tell(std::string_view(text).substr(begin, end - begin))) is_waiting = true;
  }
  told_ += begin;
  return is_waiting;
}

std::string StartLog::last_lines() const {
  std::string lines;
  for (const std::string& line : cli::last_lines(text_since(begin_), shown_lines_max)) {
    lines += "  " + line + "\n";
  }
  return lines;
}

}  // namespace hpo::cli
