// How long trials take, as this worker has seen it: whether one more can end in time. Pure.
#pragma once

#include <chrono>
#include <deque>
#include <optional>

namespace hpo::cli::worker {

class RunTimes {
 public:
  static constexpr std::size_t kept_max = 64;  // the latest: a study's trials may grow longer

  // Of a training that came to its own end.
  void add(std::chrono::nanoseconds time);

  // Nine of ten trials took no longer (nearest rank). nullopt: none has ended yet.
  std::optional<std::chrono::nanoseconds> usual() const;

 private:
  std::deque<std::chrono::nanoseconds> times_{};
};

}  // namespace hpo::cli::worker
