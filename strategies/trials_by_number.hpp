// The trials of a history by their numbers: what a report names, where the history has an order.
//
// O(trials) to make. Immutable, any thread.
#pragma once

#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "schema/history.hpp"

namespace hpo {

class TrialsByNumber {
 public:
  // REQUIRES: history outlives this and stays as it is
  explicit TrialsByNumber(const History& history);

  bool has(int trial) const { return places_.contains(trial); }
  std::vector<int> numbers() const;  // ascending

  // REQUIRES: has(trial)
  std::optional<TrialState> state(int trial) const { return places_.at(trial).state; }
  std::span<const ParamValue> values(int trial) const;

 private:
  struct Place {
    std::size_t index = 0;
    std::optional<TrialState> state{};  // nullopt: open
  };
  const History& history_;
  std::unordered_map<int, Place> places_{};
};

}  // namespace hpo
