// The percentile rule: a trial stops whose best value so far is worse than the percentile of what
// completed trials had at the same step.
//
// As Optuna has it (Akiba et al. 2019; PercentilePruner), after Google Vizier's median rule
// (Golovin et al. 2017, section 3.2.1). Peers are completed trials alone: running ones would make
// the answer depend on timing, and stopped ones would lower the bar. O(log n) a report, and as much
// for each step of a trial that completes.
#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>

#include "strategies/pruners/peers.hpp"
#include "strategies/pruners/percentile_rule.hpp"
#include "strategies/pruners/reason.hpp"

namespace hpo {
namespace pruning {
namespace {

struct PeerLimits {
  std::int64_t startup_trials = 0;
  std::int64_t warmup_steps = 0;
  std::int64_t interval_steps = 1;
  std::int64_t min_trials = 1;
};

class PercentileRule final : public Rule {
 public:
  PercentileRule(Direction direction, const PeerLimits& limits, double percent)
      : direction_(direction), limits_(limits), percent_(percent), peers_(percent) {}

  Decision judge(const Observation& observation) override {
    OpenTrial& trial = open_[observation.trial];
    const std::int64_t last = trial.last_step;
    trial.last_step = observation.step;
    trial.best = std::min(trial.best, observation.loss);
    trial.curve.add(observation.step, observation.loss);
    if (completed_ < std::max<std::int64_t>(limits_.startup_trials, 1)) return {};
    if (!is_due(last, observation.step)) return {};
    return compare(trial.best, observation.step);
  }

  void end(int trial, bool has_completed, double) override {
    const auto found = open_.find(trial);
    if (has_completed) ++completed_;
    if (found == open_.end()) return;
    if (has_completed) peers_.add(found->second.curve);
    open_.erase(found);
  }

  std::size_t kept_bytes() const override {
    return peers_.kept_bytes() + open_.size() * steps_kept_max * 2 * sizeof(double);
  }

 private:
  struct OpenTrial {
    std::int64_t last_step = -1;
    double best = std::numeric_limits<double>::infinity();
    Curve curve{};
  };

  // The first report in an interval that begins at warmup_steps + k · interval_steps.
  bool is_due(std::int64_t last, std::int64_t step) const {
    if (step < limits_.warmup_steps) return false;
    return last < step - (step - limits_.warmup_steps) % limits_.interval_steps;
  }

  Decision compare(double best, std::int64_t step) const {
    if (!std::isfinite(best)) {
      return {.verdict = Verdict::stop, .reason = "no value until step " + std::to_string(step) +
                                                  " is a finite number"};
    }
    const Peers::Yardstick peers = peers_.at(step);
    const bool are_enough = peers.count > 0 &&
                            static_cast<std::int64_t>(peers.count) >= limits_.min_trials;
    if (!are_enough || best <= peers.limit) return {};
    return {.verdict = Verdict::stop, .reason = reason(best, step, peers)};
  }

  std::string reason(double best, std::int64_t step, const Peers::Yardstick& peers) const {
    const double limit = direction_ == Direction::minimize ? peers.limit : 0.0 - peers.limit;
    return "best " + value_at(best, step, direction_) + " is worse than " +
           (percent_ == 50.0 ? "the median"
                             : "the " + short_number(percent_) + " % best of them, up to") +
           " " + short_number(limit) + ", of " + std::to_string(peers.count) +
           " completed trials there";
  }

  Direction direction_;
  PeerLimits limits_;
  double percent_;
  Peers peers_;
  std::int64_t completed_ = 0;
  std::unordered_map<int, OpenTrial> open_{};
};

}  // namespace

std::unique_ptr<Rule> make_percentile_rule(const StudySpec& spec, const OptionValues& options,
                                           double percent) {
  const PeerLimits limits{.startup_trials = options.integer("startup_trials"),
                          .warmup_steps = options.integer("warmup_steps"),
                          .interval_steps = options.integer("interval_steps"),
                          .min_trials = options.integer("min_trials")};
  return std::make_unique<PercentileRule>(spec.objective.direction, limits, percent);
}

}  // namespace pruning

Result<std::unique_ptr<Rule>> make_percentile(const StudySpec& spec) {
  const auto options = OptionValues::of_pruner(spec);
  if (!options) return options.error();
  return pruning::make_percentile_rule(spec, *options, options->number("percentile"));
}

}  // namespace hpo
