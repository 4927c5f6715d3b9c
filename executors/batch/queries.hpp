// The last listing, asked for no more often than is polite, and less often while it fails.
//
// The executor's strand.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "executors/batch/scheduler.hpp"

namespace hpo::batch {

class Queries {
 public:
  Queries(Scheduler& scheduler, std::function<std::int64_t()> monotonic_ns,
          std::chrono::nanoseconds interval)
      : scheduler_(scheduler), monotonic_ns_(std::move(monotonic_ns)), interval_(interval) {}

  // A listing that was made after `since_ns` (monotonic) and is younger than nine tenths of the
  // interval, or a new one. Error: there is none, as the scheduler does not answer; it is not asked
  // again before a while has passed, which grows from failure to failure.
  Result<void> refresh(std::int64_t since_ns = 0);

  // How many listings there have been: tells one from the next.
  int count() const { return count_; }

  // The jobs of that name: usually one.
  std::vector<const Sighting*> named(const std::string& name) const;
  const std::multimap<std::string, Sighting>& all() const { return jobs_; }

 private:
  Scheduler& scheduler_;
  std::function<std::int64_t()> monotonic_ns_;
  std::chrono::nanoseconds interval_;
  std::multimap<std::string, Sighting> jobs_{};  // by name
  std::int64_t made_ns_ = 0;                     // 0: never
  std::int64_t not_before_ns_ = 0;
  int count_ = 0;
  int failures_ = 0;                             // in a row
  Error failure_{};
};

}  // namespace hpo::batch
