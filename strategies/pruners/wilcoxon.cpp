// Wilcoxon: a trial stops where a test on the steps that it has in common with the best trial finds
// it worse. For values that are averaged at the end (folds, instances, seeds), not for curves.
//
// As Optuna has it (WilcoxonPruner, Akiba et al. 2019): one-sided, zeros split, and never while the
// trial's own mean is still at least as good as the best trial's. The best trial is the completed
// one with the best objective that has reported anything; the first one of equals. A value that is
// no finite number takes its trial out of the comparison. At most 1,024 steps of a trial count. A
// report costs a pass over those, below a microsecond; a new best trial one such pass for each of
// them, at the next report of each open trial.
#include <cmath>
#include <limits>
#include <map>
#include <memory>
#include <unordered_map>

#include "schema/study.hpp"
#include "strategies/options.hpp"
#include "strategies/pruners/reason.hpp"
#include "strategies/pruners/rule.hpp"
#include "strategies/pruners/signed_rank.hpp"

namespace hpo {
namespace pruning {
namespace {

constexpr std::size_t common_steps_max = 1024;

// The first value of each step, as it came.
struct Folds {
  std::map<std::int64_t, double> losses{};
  double sum = 0.0;
  bool has_odd = false;  // one that is no finite number

  double mean() const { return sum / static_cast<double>(losses.size()); }
};

class WilcoxonRule final : public Rule {
 public:
  WilcoxonRule(double p_threshold, std::int64_t startup_steps)
      : p_threshold_(p_threshold), startup_steps_(startup_steps) {}

  bool takes_any_order() const override { return true; }

  Decision judge(const Observation& observation) override {
    OpenTrial& trial = open_[observation.trial];
    Folds& folds = trial.folds;
    if (folds.losses.size() >= common_steps_max) return {};
    if (!folds.losses.emplace(observation.step, observation.loss).second) return {};
    if (!std::isfinite(observation.loss)) folds.has_odd = true;
    if (folds.has_odd) return {};
    folds.sum += observation.loss;
    if (best_number_ < 0 || best_.has_odd) return {};
    if (trial.against == best_number_) compare(trial.ranks, observation.step, observation.loss);
    else compare_all(trial);
    return decide(trial);
  }

  void end(int trial, bool has_completed, double loss) override {
    const auto found = open_.find(trial);
    if (found == open_.end()) return;
    const bool is_best = has_completed && loss < best_loss_ && !found->second.folds.losses.empty();
    if (is_best) {
      best_ = std::move(found->second.folds);
      best_loss_ = loss;
      best_number_ = trial;
    }
    open_.erase(found);
  }

  std::size_t kept_bytes() const override {
    constexpr std::size_t step_bytes = 64;
    return (open_.size() + 1) * common_steps_max * step_bytes;
  }

 private:
  struct OpenTrial {
    Folds folds{};
    SignedRank ranks{};  // of its losses minus those of trial `against`
    int against = -1;
  };

  void compare(SignedRank& ranks, std::int64_t step, double loss) const {
    const auto common = best_.losses.find(step);
    if (common != best_.losses.end()) ranks.add(loss - common->second);
  }

  void compare_all(OpenTrial& trial) const {
    trial.ranks = {};
    trial.against = best_number_;
    for (const auto& [step, loss] : trial.folds.losses) compare(trial.ranks, step, loss);
  }

  Decision decide(const OpenTrial& trial) const {
    const std::size_t common = trial.ranks.count();
    if (common == 0 || static_cast<std::int64_t>(common) < startup_steps_) return {};
    const double p = trial.ranks.p_greater();
    if (p >= p_threshold_ || trial.folds.mean() <= best_.mean()) return {};
    return {.verdict = Verdict::stop,
            .reason = "worse than trial " + std::to_string(best_number_) + ", the best, on " +
                      std::to_string(common) + " common steps: p = " + short_number(p) +
                      " is below " + short_number(p_threshold_)};
  }

  double p_threshold_;
  std::int64_t startup_steps_;
  Folds best_{};
  double best_loss_ = std::numeric_limits<double>::infinity();
  int best_number_ = -1;
  std::unordered_map<int, OpenTrial> open_{};
};

}  // namespace
}  // namespace pruning

Result<std::unique_ptr<Rule>> make_wilcoxon(const StudySpec& spec) {
  const auto options = OptionValues::of_pruner(spec);
  if (!options) return options.error();
  return std::unique_ptr<Rule>(std::make_unique<pruning::WilcoxonRule>(
      options->number("p_threshold"), options->integer("startup_steps")));
}

}  // namespace hpo
