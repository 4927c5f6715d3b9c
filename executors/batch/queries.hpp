// The last listing, asked for no more often than is polite, and less often while it fails.
//
// The executor's strand.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "executors/batch/scheduler.hpp"

namespace hpo::batch {

class Queries {
 public:
  using Log = std::function<void(std::string_view level, const std::string& line)>;

  // `log` hears when the scheduler falls silent, and when it answers again.
  Queries(Scheduler& scheduler, std::function<std::int64_t()> monotonic_ns,
          std::chrono::nanoseconds interval, Log log)
      : scheduler_(scheduler), monotonic_ns_(std::move(monotonic_ns)), interval_(interval),
        log_(std::move(log)) {}

  // A listing that was made after `since_ns` (monotonic) and is young enough, or a new one. Young
  // is less than nine tenths of the interval, or longer if the scheduler is slow. Error: there is
  // none, as the scheduler does not answer; it is not asked again before a while has passed, which
  // grows from failure to failure up to five minutes.
  Result<void> refresh(std::optional<std::int64_t> since_ns = {});

  // How many listings there have been: tells one from the next.
  int count() const { return count_; }

  // The last one was begun after this moment (monotonic).
  bool is_after(std::int64_t ns) const { return count_ > 0 && made_ns_ > ns; }

  // The jobs of that name: usually one.
  std::vector<const Sighting*> named(const std::string& name) const;
  const std::multimap<std::string, Sighting>& all() const { return jobs_; }

 private:
  bool is_young(std::int64_t now_ns) const;
  void note_failure(const Error& error, std::int64_t now_ns);
  void note_answer(std::int64_t now_ns);

  Scheduler& scheduler_;
  std::function<std::int64_t()> monotonic_ns_;
  std::chrono::nanoseconds interval_;
  Log log_;
  std::multimap<std::string, Sighting> jobs_{};  // by name
  std::int64_t made_ns_ = 0;
  std::chrono::nanoseconds took_{};
  std::int64_t not_before_ns_ = 0;
  int count_ = 0;
  int failures_ = 0;                             // in a row
  std::int64_t silent_since_ns_ = 0;             // the first of them
  Error failure_{};
};

}  // namespace hpo::batch
