// Sorts trials by how they ended.
#include "strategies/gp/model.hpp"

#include <algorithm>

#include "strategies/gp/feasibility.hpp"
#include "strategies/gp/output_warp.hpp"

namespace hpo::gp {
namespace {

constexpr double label_noise_least = 1e-3;
constexpr double caution = 10.0;  // a tenth of trials without a value make it count twice
constexpr Surrogate::Limits value_limits;
constexpr Surrogate::Limits label_limits{.exact = 256, .local = 256};  // coarse is enough

Prior value_prior(const Axes& axes, bool learns_noise) {
  return {.is_ordered = axes.is_ordered(), .is_conditional = axes.is_conditional(),
          .learns_noise = learns_noise};
}

Prior label_prior(const Axes& axes) {
  return {.is_ordered = axes.is_ordered(), .is_conditional = axes.is_conditional(),
          .noise_least = label_noise_least};
}

}  // namespace

Model::Model(const UnitCube& cube, const Axes& axes, const Objective& objective)
    : cube_(cube), axes_(axes), learns_noise_(objective.noise != Noise::none),
      sign_(objective.direction == Direction::minimize ? -1.0 : 1.0),
      values_(value_prior(axes, learns_noise_), value_limits),
      feasible_(label_prior(axes), label_limits), trust_region_(axes.size()) {}

bool Model::is_extended_by(const History& history) const {
  if (finished_ == 0) return true;
  return history.finished_count() >= finished_ &&
         history.finished(finished_ - 1).history_seq == history_seq_;
}

void Model::clear() {
  values_ = Surrogate(value_prior(axes_, learns_noise_), value_limits);
  feasible_ = Surrogate(label_prior(axes_), label_limits);
  trust_region_ = TrustRegion(axes_.size());
  targets_.clear();
  is_bad_.clear();
  has_value_.clear();
  completed_ = finished_ = 0;
}

void Model::take_in(const History& history) {
  if (!is_extended_by(history)) clear();
  while (finished_ < history.finished_count()) {
    const std::size_t i = finished_++;
    if (const auto point = inside(history.values(i))) add(history.finished(i), *point);
  }
  history_seq_ = history.history_seq();
}

void Model::add(const FinishedTrial& trial, const Vector& point) {
  if (trial.state == TrialState::cancelled) return;
  const bool is_completed = trial.state == TrialState::completed;
  const bool is_pruned = trial.state == TrialState::pruned;
  feasible_.add(point, finished_);
  has_value_.push_back(is_completed || is_pruned ? 1 : 0);
  if (!is_completed && !is_pruned) return;
  values_.add(point, finished_);
  targets_.push_back(is_completed ? sign_ * trial.value : 0.0);
  is_bad_.push_back(is_pruned ? 1 : 0);
  if (!is_completed) return;
  trust_region_.tell(targets_.back());
  ++completed_;
}

Surrogate::Targets Model::value_targets() const {
  return [this](Index n) {
    const auto count = static_cast<std::size_t>(n);
    return warped(std::span(targets_).first(count), std::span(is_bad_).first(count));
  };
}

Surrogate::Targets Model::feasible_targets() const {
  return [this](Index n) {
    return label_targets(std::span(has_value_).first(static_cast<std::size_t>(n))).targets;
  };
}

void Model::follow(std::size_t fitted) {
  values_.follow(finished_, fitted, value_targets());
  if (feasible_.size() == values_.size()) return;
  feasible_.follow(finished_, fitted, feasible_targets());
}

// The second model's fits are due once a trial has failed, and are those of the schedule then too.
Model::Fits Model::fit() {
  values_.fit(finished_, value_targets());
  if (feasible_.size() > values_.size()) feasible_.fit(finished_, feasible_targets());
  return {.values = values_.fits(), .feasible = feasible_.fits()};
}

void Model::take(const Fits& fits) {
  values_.take(fits.values);
  feasible_.take(fits.feasible);
}

const Posterior* Model::feasible() const {
  return feasible_.size() > values_.size() ? &feasible_.posterior() : nullptr;
}

double Model::feasible_middle() const { return label_targets(has_value_).middle; }

double Model::feasible_weight() const {
  const auto all = static_cast<double>(has_value_.size());
  const auto values = static_cast<double>(targets_.size());
  return 1.0 + caution * (all - values) / all;
}

std::optional<Vector> Model::inside(std::span<const ParamValue> values) const {
  const auto& parameters = cube_.space().parameters();
  const bool is_inside = std::equal(values.begin(), values.end(), parameters.begin(),
      parameters.end(),
      [](const ParamValue& v, const Parameter& p) {
        return !is_active(v) || contains(p.domain, v);
      });
  if (!is_inside) return std::nullopt;
  const std::vector<double> coordinates = cube_.to_unit(values);
  Vector point = Eigen::Map<const Vector>(coordinates.data(), axes_.size());
  axes_.snap(point);  // equal values have equal coordinates, as in a search
  return point;
}

}  // namespace hpo::gp
