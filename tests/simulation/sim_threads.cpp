// The seeded queue: picks a strand that has work, else jumps to the next timer.
//
// The one thread of the simulation; a history depends on nothing but its seed.
#include "tests/simulation/sim_threads.hpp"

#include <algorithm>
#include <vector>

namespace hpo::sim {

std::uint64_t Chance::bits() {
  std::uint64_t x = state_ += 0x9e3779b97f4a7c15U;
  x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31U);
}

void SimThreads::after(std::chrono::nanoseconds delay, loop::Work work) {
  if (loses_timer && loses_timer(delay)) return;
  timers_.emplace(now_ns_ + delay.count(), Timer{"engine", std::move(work)});
}

// What has been computed is handed over when its time has passed.
void SimThreads::engine(loop::Work work) {
  if (result_delay_.count() == 0) return strands_["engine"].push_back(std::move(work));
  timers_.emplace(now_ns_ + result_delay_.count(), Timer{"engine", std::move(work)});
}

void SimThreads::compute(const std::string& strand, loop::Work work, loop::Work begins) {
  const auto time = compute_time ? compute_time() : std::chrono::nanoseconds(0);
  strands_[strand].push_back([this, time, work = std::move(work), begins = std::move(begins)] {
    if (begins) begins();
    result_delay_ = time;
    work();
    result_delay_ = {};
  });
}

bool SimThreads::step() {
  std::vector<std::deque<loop::Work>*> busy;
  for (auto& [name, queue] : strands_) {
    if (!queue.empty()) busy.push_back(&queue);
  }
  if (busy.empty()) {
    if (timers_.empty()) return false;
    const auto next = timers_.begin();
    now_ns_ = std::max(now_ns_, next->first);
    strands_[next->second.strand].push_back(std::move(next->second.work));
    timers_.erase(next);
    return true;
  }
  std::deque<loop::Work>& queue = *busy[static_cast<std::size_t>(
      chance_.below(static_cast<int>(busy.size())))];
  const loop::Work work = std::move(queue.front());
  queue.pop_front();
  work();
  return true;
}

}  // namespace hpo::sim
