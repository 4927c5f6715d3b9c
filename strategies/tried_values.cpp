// A finished trial is looked at once, unless the history starts over.
#include "strategies/tried_values.hpp"

namespace hpo {

void TriedValues::set(const History& history) {
  if (!is_extended_by(history)) {
    finished_.clear();
    finished_count_ = 0;
  }
  for (; finished_count_ < history.finished_count(); ++finished_count_) {
    const auto values = history.values(finished_count_);
    if (space_.contains(values)) finished_.insert(index_.key(values));
  }
  history_seq_ = history.history_seq();
  others_.clear();
  for (const OpenTrial& trial : history.open()) {
    if (space_.contains(trial.values)) add(trial.values);
  }
}

bool TriedValues::add(const Values& values) {
  const std::uint64_t key = index_.key(values);
  return !is_finished(key) && others_.insert(key).second;
}

bool TriedValues::is_extended_by(const History& history) const {
  if (finished_count_ == 0) return true;
  return history.finished_count() >= finished_count_ &&
         history.finished(finished_count_ - 1).history_seq == history_seq_;
}

}  // namespace hpo
