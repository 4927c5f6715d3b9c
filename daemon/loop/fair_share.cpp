// Start-time fair queueing (Goyal, Vin, Cheng 1996) with slot-time as the service: `level_` is
// their virtual time. It only rises, so idling earns no credit, and whoever has work at all times
// keeps what it is owed.
#include "daemon/loop/fair_share.hpp"

#include <algorithm>
#include <tuple>

#include "schema/assert.hpp"

namespace hpo::loop {

void FairShare::settle(Account& account, std::int64_t now_ns) const {
  account.used_ns += account.running * (now_ns - account.since_ns);
  account.since_ns = now_ns;
}

void FairShare::started(std::int64_t study, std::int64_t now_ns) {
  Account& account = accounts_[study];
  settle(account, now_ns);
  account.used_ns = std::max(account.used_ns, level_ns_);
  account.last_start = ++starts_;
  ++account.running;
}

void FairShare::ended(std::int64_t study, std::int64_t now_ns) {
  Account& account = accounts_[study];
  HPO_ASSERT(account.running > 0, "a slot is given back once");
  settle(account, now_ns);
  --account.running;
}

std::int64_t FairShare::choose(std::span<const std::int64_t> studies, std::int64_t now_ns) {
  using Key = std::tuple<std::int64_t, int, std::uint64_t, std::int64_t>;
  Key best{};
  bool is_first = true;
  for (const std::int64_t study : studies) {
    Account& account = accounts_[study];
    settle(account, now_ns);
    const Key key{std::max(account.used_ns, level_ns_), account.running, account.last_start, study};
    if (is_first || key < best) best = key;
    is_first = false;
  }
  level_ns_ = std::get<0>(best);
  return std::get<3>(best);
}

void FairShare::forget(std::int64_t study) { accounts_.erase(study); }

}  // namespace hpo::loop
