// See replay.hpp.
#include "daemon/replay/replay.hpp"

#include <algorithm>
#include <cmath>

#include "strategies/strategy.hpp"
#include "strategies/unit_cube.hpp"

namespace hpo::replay {
namespace {

using Numbers = std::vector<int>;

// What a strategy sees, as it grows from one ask to the next.
class Past {
 public:
  explicit Past(const RecordedStudy& study)
      : study_(study), history_(study.spec.space.size()), next_(study.trials.begin()) {
    for (const auto& [number, trial] : study.trials) {
      if (trial.history_seq) ends_[*trial.history_seq] = number;
    }
    next_end_ = ends_.begin();
  }

  // As it was when `asked` was asked for.
  Result<History> at(const Suggestion& asked) {
    for (; next_ != study_.trials.end() && next_->first < asked.first_number; ++next_) {
      open_.insert(next_->first);
    }
    for (; next_end_ != ends_.end() && next_end_->first <= asked.history_seq; ++next_end_) {
      if (auto ended = end(next_end_->second); !ended) return ended.error();
    }
    if (history_.history_seq() != asked.history_seq) return contradicts(asked.first_number);
    std::vector<OpenTrial> open;
    for (const int number : open_) open.push_back({number, study_.trials.at(number).values});
    history_.set_open(std::move(open));
    return history_;
  }

 private:
  static Error contradicts(int number) {
    return {ErrorCode::corrupt, "trial " + std::to_string(number) + " contradicts the others: "
            "when it was asked for, history_seq was another", "the export",
            "export the study again"};
  }

  Result<void> end(int number) {
    const RecordedTrial& trial = study_.trials.at(number);
    if (open_.erase(number) == 0) return contradicts(number);
    history_.append({.number = number, .state = trial.state, .origin = trial.origin,
                     .value = trial.value, .history_seq = *trial.history_seq}, trial.values);
    return {};
  }

  const RecordedStudy& study_;
  History history_;
  std::map<int, RecordedTrial>::const_iterator next_;
  std::map<std::int64_t, int> ends_{};
  std::map<std::int64_t, int>::const_iterator next_end_{};
  std::set<int> open_{};
};

double distance(const UnitCube& cube, const Values& a, const Values& b) {
  const std::vector<double> x = cube.to_unit(a);
  const std::vector<double> y = cube.to_unit(b);
  double most = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) most = std::max(most, std::abs(x[i] - y[i]));
  return most;
}

class Comparison {
 public:
  Comparison(const RecordedStudy& study, Replay& replay)
      : study_(study), cube_(study.spec.space), replay_(replay) {}

  void add(const Numbers& batch, const Proposals& computed) {
    for (const int number : batch) {
      const auto found = std::ranges::find(computed.proposals, number, &Proposal::number);
      add(number, found == computed.proposals.end() ? Values() : found->values);
    }
  }

 private:
  void add(int number, const Values& computed) {
    const Values& recorded = study_.trials.at(number).values;
    if (computed == recorded) {
      ++replay_.equal;
      return;
    }
    ++replay_.different;
    if (!computed.empty()) {
      replay_.largest = std::max(replay_.largest, distance(cube_, recorded, computed));
    }
    if (replay_.shown.size() < Replay::shown_max) {
      replay_.shown.push_back({number, recorded, computed});
    }
  }

  const RecordedStudy& study_;
  UnitCube cube_;
  Replay& replay_;
};

// The numbers of each ask's trials, by its first one. What a batch had left was dropped.
std::map<int, Numbers> batches_of(const RecordedStudy& study) {
  std::map<int, Numbers> batches;
  for (const auto& [number, trial] : study.trials) {
    const Suggestion& asked = trial.suggestion;
    if (!asked.strategy.empty()) batches[asked.first_number].push_back(number);
  }
  return batches;
}

}  // namespace

Result<Replay> replay(const RecordedStudy& study, const StrategyFinder& find) {
  const auto entry = find(study.spec);
  if (!entry) return entry.error();
  auto strategy = entry->make(study.spec);
  if (!strategy) return strategy.error();
  Replay replay{.strategy = std::string(entry->name), .version = entry->version};
  Past past(study);
  Comparison comparison(study, replay);
  for (const auto& [first, batch] : batches_of(study)) {
    const Suggestion& asked = study.trials.at(batch.front()).suggestion;
    replay.builds.insert(asked.build);
    const int count = static_cast<int>(batch.size());
    if (asked.history_seq > study.history_seq_max) {
      replay.too_new += count;
    } else if (asked.strategy != entry->name || asked.version != entry->version) {
      replay.of_others += count;
    } else {
      const auto history = past.at(asked);
      if (!history) return history.error();
      const auto computed = (*strategy)->ask(*history, asked.first_number, asked.count);
      if (!computed) return computed.error();
      comparison.add(batch, *computed);
    }
  }
  return replay;
}

}  // namespace hpo::replay
