// See metrics_tail.hpp.
#include "cli/worker/metrics_tail.hpp"

#include <fcntl.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <climits>
#include <iterator>
#include <utility>

namespace hpo::cli::worker {
namespace {

constexpr std::size_t tail_bytes = 16U << 10U;
constexpr std::int64_t read_bytes_max = 256 << 10;  // at once: 10 ms, then others have their turn
constexpr std::int64_t unread_bytes_max = 4 << 20;  // 1,024 steps of many metrics, written at once

void append(std::vector<StepTold>& reports, std::vector<StepTold> more) {
  std::move(more.begin(), more.end(), std::back_inserter(reports));
}

std::string skipped_text(std::int64_t bytes) {
  return "more than " + std::to_string(unread_bytes_max >> 20) + " MiB of its metrics.jsonl "
         "waited to be told by its worker, and the first " + std::to_string((bytes + 1023) / 1024) +
         " KiB of that were skipped";
}

}  // namespace

MetricsTails::MetricsTails() : inotify_(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {}

void MetricsTails::follow(LeaseKey key, const std::string& path, std::optional<KeptSteps> kept) {
  const int flags = O_RDONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
  if (!runner::Fd(::open(path.c_str(), flags, 0600))) return;
  Tail& tail = tails_[key] = Tail{.key = key, .path = path, .kept = std::move(kept)};
  watch(tail);
  open_again(tail, false);
}

// Of a file that is there already it is the same watch. It is watched before it is opened: what
// takes its place in between is an event.
void MetricsTails::watch(Tail& tail) {
  constexpr std::uint32_t file_events = IN_MODIFY | IN_ATTRIB | IN_DONT_FOLLOW;  // links, too
  watch(tail, tail.path, file_events);
  if (tail.watch >= 0) return;
  watch(tail, tail.path.substr(0, tail.path.rfind('/')), IN_CREATE | IN_MOVED_TO);
  if (::access(tail.path.c_str(), F_OK) == 0) watch(tail, tail.path, file_events);
}

void MetricsTails::watch(Tail& tail, const std::string& path, std::uint32_t events) {
  const int before = tail.watch;
  if (inotify_) tail.watch = ::inotify_add_watch(inotify_.get(), path.c_str(), events);
  if (tail.watch == before) return;
  if (by_watch_.erase(before) > 0) ::inotify_rm_watch(inotify_.get(), before);
  if (tail.watch >= 0) by_watch_[tail.watch] = tail.key;
}

// One that is away, or is no file, leaves what was open as it is.
void MetricsTails::open_again(Tail& tail, bool is_last) {
  struct stat found{};
  runner::Fd file(::open(tail.path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!file || ::fstat(file.get(), &found) != 0 || !S_ISREG(found.st_mode)) return;
  if (tail.part.begins_anew(file.get(), is_last)) tail.lines.restart();
  tail.file = std::move(file);
}

std::vector<LeaseKey> MetricsTails::grown() {
  alignas(inotify_event) char buffer[4096];
  constexpr auto full = static_cast<ssize_t>(sizeof buffer - sizeof(inotify_event) - NAME_MAX - 1);
  std::set<LeaseKey> keys = behind_;
  for (ssize_t count = full + 1; count > full;) {  // else there was room for one more event
    count = ::read(inotify_.get(), buffer, sizeof buffer);
    for (ssize_t at = 0; at < count;) {
      const auto* event = reinterpret_cast<const inotify_event*>(buffer + at);
      const auto found = by_watch_.find(event->wd);
      if (found != by_watch_.end()) keys.insert(found->second);
      at += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
    }
  }
  return {keys.begin(), keys.end()};
}

std::vector<StepTold> MetricsTails::fed(Tail& tail, std::string_view text, bool is_last) {
  const int before = tail.lines.left_out();
  auto reports = is_last ? tail.lines.finish() : tail.lines.feed(text);
  lines_left_out_ += tail.lines.left_out() - before;
  if (!tail.kept) return reports;
  std::erase_if(reports, [&](const StepTold& told) { return !tail.kept->must_tell(told); });
  return reports;
}

std::vector<StepTold> MetricsTails::read_some(Tail& tail) {
  char buffer[tail_bytes];
  const ssize_t count = ::pread(tail.file.get(), buffer, sizeof buffer, tail.part.position());
  if (count <= 0) return {};
  const std::string_view text(buffer, static_cast<std::size_t>(count));
  tail.part.add(text);
  return fed(tail, text);
}

std::vector<StepTold> MetricsTails::skip_backlog(Tail& tail) {
  struct stat found{};
  if (::fstat(tail.file.get(), &found) != 0) return {};
  const std::int64_t unread = found.st_size - tail.part.position();
  if (unread <= unread_bytes_max) return {};
  bytes_skipped_ += unread - unread_bytes_max;
  tail.part.skip_to(found.st_size - unread_bytes_max);
  tail.lines.skip();
  if (std::exchange(tail.is_skip_told, true)) return {};
  return {{.skipped = skipped_text(unread - unread_bytes_max)}};
}

std::vector<StepTold> MetricsTails::read(LeaseKey key, int count_max) {
  std::vector<StepTold> reports;
  const auto found = tails_.find(key);
  if (found == tails_.end()) return reports;
  behind_.insert(key);
  Tail& tail = found->second;
  watch(tail);
  open_again(tail, false);
  append(reports, skip_backlog(tail));
  const std::int64_t until = tail.part.position() + read_bytes_max;
  while (static_cast<int>(reports.size()) < count_max && tail.part.position() < until) {
    const std::int64_t before = tail.part.position();
    append(reports, read_some(tail));
    if (tail.part.position() != before) continue;
    behind_.erase(key);
    break;
  }
  return reports;
}

std::vector<StepTold> MetricsTails::finish(LeaseKey key) {
  std::vector<StepTold> reports;
  const auto found = tails_.find(key);
  if (found == tails_.end()) return reports;
  Tail& tail = found->second;
  open_again(tail, true);
  append(reports, skip_backlog(tail));
  for (std::int64_t before = -1; before != tail.part.position();) {
    before = tail.part.position();
    append(reports, read_some(tail));
  }
  append(reports, fed(tail, {}, true));  // its last line may lack one
  if (tail.watch >= 0) {
    by_watch_.erase(tail.watch);
    ::inotify_rm_watch(inotify_.get(), tail.watch);
  }
  behind_.erase(key);
  tails_.erase(found);
  return reports;
}

}  // namespace hpo::cli::worker
