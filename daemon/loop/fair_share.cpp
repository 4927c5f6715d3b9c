// Slot-seconds by study, counted when something starts or ends, not by a timer. Engine strand.
#include "daemon/loop/fair_share.hpp"

#include <algorithm>
#include <tuple>

#include "schema/assert.hpp"

namespace hpo::loop {

void FairShare::settle(Account& account, std::int64_t now_ns) const {
  account.used_ns += account.running * (now_ns - account.since_ns);
  account.since_ns = now_ns;
}

std::int64_t FairShare::least_used(std::int64_t now_ns, std::int64_t otherwise) {
  bool is_found = false;
  std::int64_t least = otherwise;
  for (auto& [study, account] : accounts_) {
    if (account.running == 0) continue;  // idle accounts are raised to this level, not the reverse
    settle(account, now_ns);
    least = is_found ? std::min(least, account.used_ns) : account.used_ns;
    is_found = true;
  }
  return least;
}

void FairShare::started(std::int64_t study, std::int64_t now_ns) {
  Account& account = accounts_[study];
  settle(account, now_ns);
  ++account.running;
  ++running_;
}

void FairShare::ended(std::int64_t study, std::int64_t now_ns) {
  Account& account = accounts_[study];
  HPO_ASSERT(account.running > 0, "a slot is given back once");
  settle(account, now_ns);
  --account.running;
  --running_;
}

std::int64_t FairShare::choose(std::span<const std::int64_t> studies, std::int64_t now_ns) {
  const std::int64_t level = least_used(now_ns, 0);
  using Key = std::tuple<std::int64_t, int, std::int64_t>;
  Key best{};
  bool is_first = true;
  for (const std::int64_t study : studies) {
    Account& account = accounts_[study];
    settle(account, now_ns);
    if (account.running == 0) account.used_ns = std::max(account.used_ns, level);
    const Key key{account.used_ns, account.running, study};
    if (is_first || key < best) best = key;
    is_first = false;
  }
  return std::get<2>(best);
}

void FairShare::forget(std::int64_t study) { accounts_.erase(study); }

}  // namespace hpo::loop
