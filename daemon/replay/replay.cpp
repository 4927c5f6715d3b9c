// See replay.hpp.
#include "daemon/replay/replay.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <string>

#include "schema/rungs.hpp"
#include "strategies/strategy.hpp"
#include "strategies/unit_cube.hpp"

namespace hpo::replay {
namespace {

using Numbers = std::vector<int>;

// What a strategy sees, as it grows from one ask to the next.
class Past {
 public:
  // `rungs`: of a strategy that learns from reports; else none.
  Past(const RecordedStudy& study, std::vector<std::int64_t> rungs)
      : study_(study), rungs_(std::move(rungs)), history_(study.spec.space.size()),
        next_(study.trials.begin()), next_report_(study.reports.begin()) {
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
    if (!rungs_.empty() && !tell_until(asked.history_seq)) return contradicts(asked.first_number);
    if (history_.seen_seq() != asked.history_seq) return contradicts(asked.first_number);
    std::vector<OpenTrial> open;
    for (const int number : open_) open.push_back({number, study_.trials.at(number).values});
    history_.set_open(std::move(open));
    history_.set_model_seq(asked.model_seq);
    return history_;
  }

 private:
  // False: the reports are not in their order.
  bool tell_until(std::int64_t seq) {
    for (; next_report_ != study_.reports.end(); ++next_report_) {
      const Report& report = next_report_->report;
      if (report.seq > seq) break;
      if (report.seq <= last_report_seq_) return false;
      last_report_seq_ = report.seq;
      std::int64_t& last_step = last_steps_.try_emplace(report.trial, -1).first->second;
      for (const RungValue& value : values_at_rungs(rungs_, last_step, report)) {
        history_.append(value);
      }
      last_step = std::max(last_step, report.step);
    }
    return true;
  }

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
  std::vector<std::int64_t> rungs_;
  History history_;
  std::map<int, RecordedTrial>::const_iterator next_;
  std::vector<JudgedReport>::const_iterator next_report_;
  std::int64_t last_report_seq_ = 0;
  std::map<int, std::int64_t> last_steps_{};  // by trial: the highest one that it has told
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
    const int stood_in = study_.trials.at(number).suggestion.instead_of.empty() ? 0 : 1;
    if (computed == recorded) {
      ++replay_.equal;
      replay_.stand_ins_equal += stood_in;
      return;
    }
    ++replay_.different;
    replay_.stand_ins_different += stood_in;
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

// Those that answered, each made once: the suggestions tell what auto stood for, and who answered
// for a strategy that was late.
class Answerers {
 public:
  Answerers(const StudySpec& spec, const StrategyFinder& find, StrategyEntry own)
      : spec_(spec), find_(find), own_(std::move(own)) {}

  // nullptr: this program has no such strategy, or another version of it.
  Result<Strategy*> of(const Suggestion& asked) {
    StudySpec spec = spec_;
    if (asked.strategy != own_.name) spec.strategy = {.type = asked.strategy};
    const auto entry = find_(spec);
    if (!entry || entry->version != asked.version) return static_cast<Strategy*>(nullptr);
    auto& made = made_[asked.strategy];
    if (made) return made.get();
    auto strategy = entry->make(spec);
    if (!strategy) return strategy.error();
    made = *std::move(strategy);
    return made.get();
  }

 private:
  const StudySpec& spec_;
  const StrategyFinder& find_;
  StrategyEntry own_;  // what the spec says, or what auto stands for here
  std::map<std::string, std::unique_ptr<Strategy>> made_{};
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
  Replay replay{.strategy = std::string(entry->name), .version = entry->version};
  Answerers answerers(study.spec, find, *entry);
  Past past(study, rungs_of(*entry, study.spec));
  Comparison comparison(study, replay);
  for (const auto& [first, batch] : batches_of(study)) {
    const Suggestion& asked = study.trials.at(batch.front()).suggestion;
    replay.builds.insert(asked.build);
    const int count = static_cast<int>(batch.size());
    if (!asked.instead_of.empty()) replay.stand_ins += count;
    if (asked.history_seq > study.history_seq_max) {
      replay.too_new += count;
      continue;
    }
    const auto strategy = answerers.of(asked);
    if (!strategy) return strategy.error();
    if (*strategy == nullptr) {
      replay.of_others += count;
      continue;
    }
    const auto history = past.at(asked);
    if (!history) return history.error();
    const auto computed = (*strategy)->ask(*history, asked.first_number, asked.count);
    if (!computed) return computed.error();
    if (replay.equal + replay.different == 0 && asked.instead_of.empty()) {
      replay.strategy = asked.strategy;
      replay.version = asked.version;
    }
    comparison.add(batch, *computed);
  }
  return replay;
}

}  // namespace hpo::replay
