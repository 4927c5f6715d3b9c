// Sorts trials by how they ended.
#include "strategies/gp/model.hpp"

#include <algorithm>

#include "strategies/gp/feasibility.hpp"

namespace hpo::gp {
namespace {

constexpr double label_noise_least = 1e-3;
constexpr std::size_t values_beyond_axes = 3;  // at a level, to search there; as `bohb`
constexpr double caution = 10.0;  // a tenth of trials without a value make it count twice
constexpr Surrogate::Limits value_limits;
constexpr Surrogate::Limits label_limits{.exact = 256, .local = 256};  // coarse is enough

Prior value_prior(const Axes& axes, bool learns_noise) {
  return {.is_ordered = axes.is_ordered(), .is_conditional = axes.is_conditional(),
          .learns_noise = learns_noise};
}

// Of params alone: a trial that failed has failed, however far it had come.
Prior label_prior(const Axes& axes) {
  Prior prior{.is_ordered = axes.is_ordered(), .is_conditional = axes.is_conditional(),
              .noise_least = label_noise_least};
  const auto searched = static_cast<std::size_t>(axes.searched());
  prior.is_ordered.resize(searched);
  if (!prior.is_conditional.empty()) prior.is_conditional.resize(searched);
  return prior;
}

}  // namespace

Model::Model(const UnitCube& cube, const Axes& axes, const Objective& objective,
             std::vector<double> levels)
    : cube_(cube), axes_(axes), learns_noise_(objective.noise != Noise::none),
      sign_(objective.direction == Direction::minimize ? -1.0 : 1.0),
      values_(value_prior(axes, learns_noise_), value_limits),
      feasible_(label_prior(axes), label_limits), levels_(std::move(levels)),
      tried_(axes.searched()), failed_(axes.searched()), trust_region_(axes.size()) {
  clear();
}

void Model::clear() {
  values_ = Surrogate(value_prior(axes_, learns_noise_), value_limits);
  feasible_ = Surrogate(label_prior(axes_), label_limits);
  observations_.emplace(has_levels() ? levels_.size() - 1 : 0);
  told_.clear();
  has_value_.clear();
  failures_ = 0;
  counts_.assign(std::max<std::size_t>(1, levels_.size()), 0);
  tried_ = TriedPoints(axes_.searched());
  failed_ = TriedPoints(axes_.searched());
  trust_region_ = TrustRegion(axes_.size());
}

void Model::take_in(const History& history) {
  const auto tell = [this](const Observation& seen) { add(seen); };
  if (observations_->read(history, tell)) return;
  clear();
  observations_->read(history, tell);
}

void Model::add(const Observation& seen) {
  const auto point = inside(seen.values, seen.level);
  if (!point) return;
  using Kind = Observation::Kind;
  if (seen.is_end) {
    feasible_.add(point->head(axes_.searched()), seen.event);
    has_value_.push_back(seen.kind == Kind::none ? 0 : 1);
    if (seen.kind == Kind::none) ++failures_;
    if (seen.kind == Kind::none && has_levels()) failed_.add(*point);
  }
  if (seen.kind == Kind::value || seen.kind == Kind::bad) add_value(seen, *point);
}

void Model::add_value(const Observation& seen, const Vector& point) {
  const bool is_bad = seen.kind == Observation::Kind::bad;
  values_.add(point, seen.event);
  if (has_levels()) tried_.add(point);
  told_.push_back({.value = is_bad ? 0.0 : sign_ * seen.value, .is_bad = is_bad,
                   .level = seen.level, .trial = seen.trial});
  if (is_bad) return;
  ++counts_[seen.level];
  if (seen.level + 1 == counts_.size()) trust_region_.tell(told_.back().value);
}

std::size_t Model::told() const { return *std::ranges::max_element(counts_); }

std::size_t Model::level() const {
  const auto enough = static_cast<std::size_t>(axes_.searched()) + values_beyond_axes;
  for (std::size_t level = counts_.size(); level-- > 0;) {
    if (counts_[level] >= enough) return level;
  }
  return static_cast<std::size_t>(std::ranges::max_element(counts_) - counts_.begin());
}

bool Model::knows(int trial) const {
  return has_levels() && observations_->level_of(trial) >= static_cast<int>(level());
}

Surrogate::Targets Model::value_targets() const {
  return [this](Index n) {
    return level_targets(std::span(told_).first(static_cast<std::size_t>(n)));
  };
}

Surrogate::Targets Model::feasible_targets() const {
  return [this](Index n) {
    return label_targets(std::span(has_value_).first(static_cast<std::size_t>(n))).targets;
  };
}

void Model::follow(const History& history) {
  const std::size_t events = observations_->events();
  const std::size_t fitted = observations_->model_events(history);
  values_.follow(events, fitted, value_targets());
  if (failures_ == 0) return;
  feasible_.follow(events, fitted, feasible_targets());
}

// The second model's fits are due once a trial has failed, and are those of the schedule then too.
Model::Fits Model::fit() {
  const std::size_t events = observations_->events();
  values_.fit(events, value_targets());
  if (failures_ > 0) feasible_.fit(events, feasible_targets());
  return {.values = values_.fits(), .feasible = feasible_.fits()};
}

void Model::take(const Fits& fits) {
  values_.take(fits.values);
  feasible_.take(fits.feasible);
}

const Posterior* Model::feasible() const {
  return failures_ > 0 ? &feasible_.posterior() : nullptr;
}

double Model::feasible_middle() const { return label_targets(has_value_).middle; }

double Model::feasible_weight() const {
  const auto all = static_cast<double>(has_value_.size());
  return 1.0 + caution * static_cast<double>(failures_) / all;
}

std::size_t Model::bytes() const {
  return values_.bytes() + feasible_.bytes() + observations_->bytes() +
         tried_.size() * static_cast<std::size_t>(axes_.searched()) * sizeof(double);
}

Region Model::region(const Vector& centre) const {
  Region region = trust_region_.around(centre, values().kernel());
  if (has_levels()) region.low[axes_.searched()] = region.high[axes_.searched()] = levels_[level()];
  return region;
}

Vector Model::point(Index i) const {
  Vector point = values_.point(i);
  if (has_levels()) point[axes_.searched()] = levels_[level()];
  return point;
}

std::optional<Vector> Model::inside(std::span<const ParamValue> values, std::size_t level) const {
  const auto& parameters = cube_.space().parameters();
  const bool is_inside = std::equal(values.begin(), values.end(), parameters.begin(),
      parameters.end(),
      [](const ParamValue& v, const Parameter& p) {
        return !is_active(v) || contains(p.domain, v);
      });
  if (!is_inside) return std::nullopt;
  const std::vector<double> coordinates = cube_.to_unit(values);
  Vector point(axes_.size());
  point.head(axes_.searched()) =
      Eigen::Map<const Vector>(coordinates.data(), axes_.searched());
  if (has_levels()) point[axes_.searched()] = levels_[level];
  axes_.snap(point);  // equal values have equal coordinates, as in a search
  return point;
}

}  // namespace hpo::gp
