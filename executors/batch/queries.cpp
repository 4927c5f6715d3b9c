// See queries.hpp.
#include "executors/batch/queries.hpp"

#include <algorithm>

namespace hpo::batch {
namespace {

constexpr std::chrono::nanoseconds wait_max = std::chrono::minutes(5);

}  // namespace

Result<void> Queries::refresh(std::int64_t since_ns) {
  const std::int64_t now_ns = monotonic_ns_();
  const bool is_young = made_ns_ != 0 && now_ns - made_ns_ < interval_.count() / 10 * 9;
  if (is_young && made_ns_ >= since_ns) return {};
  if (now_ns < not_before_ns_) return failure_;
  auto listed = scheduler_.list();
  if (!listed) {
    failure_ = listed.error();
    const auto wait = std::min(interval_ * (1 << std::min(failures_++, 10)), wait_max);
    not_before_ns_ = monotonic_ns_() + wait.count();
    return failure_;
  }
  failures_ = 0;
  ++count_;
  made_ns_ = now_ns;  // of its beginning: what came later may be missing
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
