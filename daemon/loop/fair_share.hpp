// Who gets the next slot of this node: the study that has had the fewest slot-seconds.
//
// A study that joins, or comes back from having nothing to do, starts level with the others: it
// neither waits for their past nor collects credit by idling. Pure; times are monotonic
// nanoseconds. Engine strand.
#pragma once

#include <cstdint>
#include <map>
#include <span>

namespace hpo::loop {

class FairShare {
 public:
  void started(std::int64_t study, std::int64_t now_ns);
  void ended(std::int64_t study, std::int64_t now_ns);

  // Among those that have work now. REQUIRES: not empty.
  std::int64_t choose(std::span<const std::int64_t> studies, std::int64_t now_ns);

  void forget(std::int64_t study);  // of an ended study

 private:
  struct Account {
    std::int64_t used_ns = 0;  // slot-nanoseconds, up to since_ns
    std::int64_t since_ns = 0;
    std::uint64_t last_start = 0;  // breaks ties: who has waited longest goes first
    int running = 0;
  };
  void settle(Account& account, std::int64_t now_ns) const;

  std::map<std::int64_t, Account> accounts_{};
  std::int64_t level_ns_ = 0;  // what the last one chosen had used; never falls
  std::uint64_t starts_ = 0;
};

}  // namespace hpo::loop
