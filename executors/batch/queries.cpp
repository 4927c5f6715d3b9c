// See queries.hpp.
#include "executors/batch/queries.hpp"

#include <algorithm>

namespace hpo::batch {
namespace {

constexpr std::chrono::nanoseconds wait_max = std::chrono::minutes(5);
constexpr int doublings_max = 10;
constexpr int slow_factor = 10;

}  // namespace

// A listing that took long is worth longer: the scheduler spends a tenth of its time on us at most.
bool Queries::is_young(std::int64_t now_ns) const {
  const auto worth = std::max(interval_ / 10 * 9, std::min(took_ * slow_factor, wait_max));
  return count_ > 0 && now_ns - made_ns_ < worth.count();
}

// One line for a silence, however long: what it delays is told by the studies themselves.
void Queries::note_failure(const Error& error, std::int64_t now_ns) {
  failure_ = error;
  if (failures_ == 0) {
    silent_since_ns_ = now_ns;
    log_("warn", "the scheduler cannot be asked where=\"" + error.where + "\" error=\"" +
                     error.what + "\"; asked again after growing waits up to 5 min");
  }
  const auto wait = interval_ * (1 << std::min(failures_++, doublings_max));
  not_before_ns_ = now_ns + std::min(wait, std::max(wait_max, interval_)).count();
}

void Queries::note_answer(std::int64_t now_ns) {
  if (failures_ > 0) {
    const std::chrono::nanoseconds silence(now_ns - silent_since_ns_);
    log_("info", "the scheduler answers again after_s=" +
                     std::to_string(std::chrono::round<std::chrono::seconds>(silence).count()) +
                     " failures=" + std::to_string(failures_));
  }
  failures_ = 0;
}

Result<void> Queries::refresh(std::optional<std::int64_t> since_ns) {
  const std::int64_t now_ns = monotonic_ns_();
  if (is_young(now_ns) && (!since_ns || is_after(*since_ns))) return {};
  if (now_ns < not_before_ns_) return failure_;
  auto listed = scheduler_.list();
  const std::int64_t answered_ns = monotonic_ns_();
  if (!listed) {
    note_failure(listed.error(), answered_ns);
    return failure_;
  }
  note_answer(answered_ns);
  ++count_;
  made_ns_ = now_ns;  // of its beginning: what came later may be missing
  took_ = std::chrono::nanoseconds(answered_ns - now_ns);
  jobs_.clear();
  for (Sighting& seen : *listed) jobs_.emplace(seen.name, std::move(seen));
  return {};
}

std::vector<const Sighting*> Queries::named(const std::string& name) const {
  std::vector<const Sighting*> found;
  const auto [begin, end] = jobs_.equal_range(name);
  for (auto it = begin; it != end; ++it) found.push_back(&it->second);
  return found;
}

}  // namespace hpo::batch
