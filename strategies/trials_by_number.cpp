// One pass over the finished trials, one over the open ones.
#include "strategies/trials_by_number.hpp"

#include <algorithm>

namespace hpo {

TrialsByNumber::TrialsByNumber(const History& history) : history_(history) {
  for (std::size_t i = 0; i < history.finished_count(); ++i) {
    const FinishedTrial& trial = history.finished(i);
    places_[trial.number] = {i, trial.state};
  }
  for (std::size_t i = 0; i < history.open().size(); ++i) {
    places_[history.open()[i].number] = {i, std::nullopt};
  }
}

std::vector<int> TrialsByNumber::numbers() const {
  std::vector<int> numbers;
  for (const auto& [number, place] : places_) numbers.push_back(number);
  std::ranges::sort(numbers);
  return numbers;
}

std::span<const ParamValue> TrialsByNumber::values(int trial) const {
  const Place& place = places_.at(trial);
  if (place.state) return history_.values(place.index);
  return history_.open()[place.index].values;
}

}  // namespace hpo
