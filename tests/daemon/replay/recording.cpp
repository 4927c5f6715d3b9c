// See recording.hpp.
#include "tests/daemon/replay/recording.hpp"

#include <algorithm>
#include <random>
#include <utility>

#include "schema/rungs.hpp"
#include "strategies/strategy.hpp"
#include "tests/strategies/spaces.hpp"

namespace hpo::test {
namespace {

constexpr int batch = 3;

class Recorder {
 public:
  Recorder(const std::string& name, const Recording& recording)
      : trials_(recording.trials), in_flight_(recording.in_flight),
        late_every_(recording.late_every), fits_lag_(recording.fits_lag) {
    study_.spec = study_of(space_of_domains(
        {FloatDomain{}, IntDomain{.low = 0, .high = 20}, choice({integer(1), 0.5, true})}));
    study_.spec.strategy.type = name;
    if (name == "grid") study_.spec.strategy.grid_values["p0"] = {0.0, 0.5, 1.0};
    entry_ = *find_strategy(study_.spec);
    rungs_ = rungs_of(entry_, study_.spec);
    strategy_ = *entry_.make(study_.spec);
    stand_in_ = *make_strategy(with_strategy(study_.spec, stand_in_strategy));
    history_ = History(study_.spec.space.size());
  }

  replay::RecordedStudy record() && {
    while (created_ < trials_) {
      ask();
      if (!rungs_.empty()) tell_some();
      while (open_.size() >= in_flight_ || (!open_.empty() && created_ >= trials_)) end_one();
    }
    study_.history_seq_max = seq_;
    return std::move(study_);
  }

 private:
  std::uint64_t below(std::uint64_t end) { return random_() % end; }

  void ask() {
    history_.set_open(open_);
    // The fits that are known lag behind, never back.
    const bool lags = fits_lag_ > 0 && history_.history_seq() > fits_lag_;
    history_.set_model_seq(lags ? history_.history_seq() - fits_lag_ : 0);
    Suggestion asked{.strategy = std::string(entry_.name), .version = entry_.version,
                     .build = "here", .history_seq = history_.seen_seq(),
                     .model_seq = history_.model_seq(), .first_number = created_, .count = batch};
    Proposals answer = *strategy_->ask(history_, created_, batch);
    if (late_every_ > 0 && ++asks_ % late_every_ == 0) {
      asked.instead_of = std::exchange(asked.strategy, std::string(stand_in_strategy));
      asked.version = 1;
      asked.model_seq = 0;
      history_.set_model_seq(0);
      answer = *stand_in_->ask(history_, created_, batch);
    }
    const std::size_t kept = 1 + below(answer.proposals.size());
    for (std::size_t i = 0; i < kept; ++i) {
      const Proposal& proposal = answer.proposals[i];
      study_.trials[proposal.number] = {.values = proposal.values, .suggestion = asked};
      open_.push_back({proposal.number, proposal.values});
      ++created_;
    }
  }

  // Steps come at any pace, and sometimes an older one late.
  void tell_some() {
    for (const OpenTrial& trial : open_) {
      if (below(3) == 0) continue;
      std::int64_t& last = last_steps_.try_emplace(trial.number, -1).first->second;
      const std::int64_t step = last + 4 - static_cast<std::int64_t>(below(6));
      if (step < 0 || step == last) continue;
      const Report report{.trial = trial.number, .step = step,
                          .value = static_cast<double>(below(1000)), .seq = ++seq_};
      for (const RungValue& each : values_at_rungs(rungs_, last, report)) history_.append(each);
      last = std::max(last, step);
      study_.reports.push_back({.report = report});
    }
  }

  void end_one() {
    const auto chosen = open_.begin() + static_cast<std::ptrdiff_t>(below(open_.size()));
    replay::RecordedTrial& trial = study_.trials.at(chosen->number);
    trial.state = below(5) == 0 ? TrialState::failed : TrialState::completed;
    trial.value = static_cast<double>(below(1000));
    trial.history_seq = seq_ += 1 + static_cast<std::int64_t>(below(3));
    history_.append({.number = chosen->number, .state = trial.state, .origin = trial.origin,
                     .value = trial.value, .history_seq = *trial.history_seq}, chosen->values);
    open_.erase(chosen);
  }

  int trials_;
  std::size_t in_flight_;
  int late_every_;
  int fits_lag_;
  int asks_ = 0;
  int created_ = 0;
  std::mt19937_64 random_{7};
  replay::RecordedStudy study_{};
  StrategyEntry entry_{};
  std::unique_ptr<Strategy> strategy_{};
  std::unique_ptr<Strategy> stand_in_{};
  History history_{};
  std::int64_t seq_ = 0;
  std::vector<std::int64_t> rungs_{};
  std::map<int, std::int64_t> last_steps_{};
  std::vector<OpenTrial> open_{};
};

}  // namespace

replay::RecordedStudy recorded_study(const std::string& strategy, const Recording& recording) {
  return Recorder(strategy, recording).record();
}

}  // namespace hpo::test
