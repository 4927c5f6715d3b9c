// See ask_board.hpp.
#include "daemon/loop/ask_board.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace hpo::loop {
namespace {

CommandSink::Quantiles quantiles_of(const std::deque<std::int64_t>& times_ns) {
  if (times_ns.empty()) return {};
  std::vector<std::int64_t> sorted(times_ns.begin(), times_ns.end());
  std::ranges::sort(sorted);
  const auto at = [&](std::size_t percent) {  // the nearest rank: of a few, p99 is the largest
    return static_cast<double>(sorted[(sorted.size() * percent + 99) / 100 - 1]) / 1e6;
  };
  return {.count = static_cast<int>(sorted.size()), .p50_ms = at(50), .p99_ms = at(99)};
}

}  // namespace

void AskBoard::note(const std::string& study, std::deque<std::int64_t> Times::*list,
                    std::int64_t ns) {
  std::deque<std::int64_t>& kept = times_[study].*list;
  kept.push_back(ns);
  if (kept.size() > kept_max) kept.pop_front();
  changed_.insert(study);
}

void AskBoard::end(const std::string& study) {
  publish();
  times_.erase(study);
}

void AskBoard::publish() {
  if (changed_.empty()) return;
  auto shown = std::make_shared<Shown>(*published_);
  for (const std::string& study : std::exchange(changed_, {})) {
    const Times& times = times_[study];
    (*shown)[study] = {.waits = quantiles_of(times.waits_ns),
                       .strategy = quantiles_of(times.asks_ns)};
  }
  std::atomic_store(&published_, std::shared_ptr<const Shown>(std::move(shown)));
}

CommandSink::Asks AskBoard::of_study(const std::string& study) const {
  const auto shown = std::atomic_load(&published_);
  const auto found = shown->find(study);
  return found == shown->end() ? CommandSink::Asks{} : found->second;
}

}  // namespace hpo::loop
