// The largest posterior mean at a trial's own values, and what it means in units of the metric.
#include "strategies/recommender.hpp"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

#include "schema/assert.hpp"
#include "strategies/gp/model.hpp"
#include "strategies/gp/output_warp.hpp"
#include "strategies/unit_cube.hpp"

namespace hpo {
namespace {

using gp::Index;

class ByModel final : public Recommender {
 public:
  explicit ByModel(const StudySpec& spec)
      : cube_(spec.space), axes_(cube_), model_(cube_, axes_, spec.objective),
        sign_(spec.objective.direction == Direction::minimize ? -1.0 : 1.0) {}

  std::optional<Recommendation> recommend(const History& history) override {
    if (cube_.dimension() == 0) return std::nullopt;
    model_.take_in(history);
    if (model_.told() == 0) return std::nullopt;
    model_.follow(history);
    for (const Index i : by_mean()) {
      if (const auto trial = completed_at(history, model_.point(i))) {
        return Recommendation{*trial, value_of(history, model_.values().means()[i])};
      }
    }
    return std::nullopt;
  }

 private:
  std::vector<Index> by_mean() const {
    const gp::Vector& means = model_.values().means();
    std::vector<Index> order(static_cast<std::size_t>(means.size()));
    std::iota(order.begin(), order.end(), Index{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](Index a, Index b) { return means[a] > means[b]; });
    return order;
  }

  // The first of those with these values. A point that was only pruned is no result.
  std::optional<int> completed_at(const History& history, const gp::Vector& point) const {
    for (std::size_t i = 0; i < history.finished_count(); ++i) {
      if (history.finished(i).state != TrialState::completed) continue;
      const auto other = model_.inside(history.values(i));
      if (other && *other == point) return history.finished(i).number;
    }
    return std::nullopt;
  }

  // The model's targets are the values, bent without a change of their order: between the two
  // nearest of them, along a line.
  double value_of(const History& history, double target) const {
    std::vector<double> values;
    std::vector<char> is_pruned;
    for (std::size_t i = 0; i < history.finished_count(); ++i) {
      const FinishedTrial& trial = history.finished(i);
      const bool is_completed = trial.state == TrialState::completed;
      if (!is_completed && trial.state != TrialState::pruned) continue;
      if (!model_.inside(history.values(i))) continue;
      values.push_back(is_completed ? sign_ * trial.value : 0.0);
      is_pruned.push_back(is_completed ? 0 : 1);
    }
    const gp::Vector targets = gp::warped(values, is_pruned);
    std::vector<std::pair<double, double>> known;
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (is_pruned[i] == 0) known.emplace_back(targets[static_cast<Index>(i)], values[i]);
    }
    std::sort(known.begin(), known.end());
    return sign_ * between(known, target);
  }

  static double between(const std::vector<std::pair<double, double>>& known, double target) {
    HPO_ASSERT(!known.empty(), "a model has completed trials");
    const auto above = std::lower_bound(known.begin(), known.end(), target,
        [](const auto& pair, double x) { return pair.first < x; });
    if (above == known.begin()) return known.front().second;
    if (above == known.end()) return known.back().second;
    const auto below = above - 1;
    const double share = (target - below->first) / (above->first - below->first);
    return (1.0 - share) * below->second + share * above->second;
  }

  UnitCube cube_;
  gp::Axes axes_;
  gp::Model model_;
  double sign_;  // makes the larger value the better one
};

}  // namespace

std::unique_ptr<Recommender> make_recommender(const StudySpec& spec) {
  return std::make_unique<ByModel>(spec);
}

}  // namespace hpo
