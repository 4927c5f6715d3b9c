// Values and slopes by the chain rule from what the posteriors predict.
#include "strategies/gp/acquisition.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "strategies/gp/feasibility.hpp"
#include "strategies/gp/log_ei.hpp"

namespace hpo::gp {
namespace {

constexpr double deviation_least = 1e-9;
constexpr double penalty = 10.0;
constexpr double boldness = 1.8;  // deviations above the mean that set the threshold
constexpr double optimism = 0.5;  // deviations above the mean that may still be the optimum

double deviation_of(double variance) { return std::max(std::sqrt(variance), deviation_least); }

// ∂σ = ∂σ² / 2σ
Vector deviation_slopes(const Prediction& prediction, Index c, double deviation) {
  return prediction.variance_slopes.col(c) / (2.0 * deviation);
}

}  // namespace

double exploration_threshold(const Posterior& finished, const Table& points) {
  const Prediction at = finished.predict(points, Want::values);
  Index best = 0;
  (at.mean.array() + boldness * at.variance.array().sqrt()).maxCoeff(&best);
  return at.mean[best];
}

void Acquisition::improve(const Prediction& all, AcquisitionValues& result) const {
  for (Index c = 0; c < result.values.size(); ++c) {
    const double deviation = deviation_of(all.variance[c]);
    const LogEi ei = log_ei(all.mean[c], deviation, setting_.threshold);
    const LogAugmentation more = log_augmentation(deviation, finished_.kernel().noise);
    result.values[c] = ei.value + more.value;
    if (result.slopes.size() == 0) continue;
    result.slopes.col(c) = ei.by_mean * all.mean_slopes.col(c) +
                           (ei.by_deviation + more.by_deviation) *
                               deviation_slopes(all, c, deviation);
  }
}

void Acquisition::explore(const Prediction& all, const Prediction& finished,
                          AcquisitionValues& result) const {
  for (Index c = 0; c < result.values.size(); ++c) {
    const double deviation = deviation_of(finished.variance[c]);
    const double deviation_all = deviation_of(all.variance[c]);
    const double lack = finished.mean[c] + optimism * deviation - setting_.threshold;
    result.values[c] = deviation_all + penalty * std::min(lack, 0.0);
    if (result.slopes.size() == 0) continue;
    result.slopes.col(c) = deviation_slopes(all, c, deviation_all);
    if (lack >= 0.0) continue;
    result.slopes.col(c) +=
        penalty * (finished.mean_slopes.col(c) +
                   optimism * deviation_slopes(finished, c, deviation));
  }
}

void Acquisition::exclude(const Table& points, const Prediction& all,
                          AcquisitionValues& result) const {
  if (!setting_.excludes_tried) return;
  for (Index c = 0; c < result.values.size(); ++c) {
    const bool is_tried = all.nearest[c] == 0.0 ||
                          (setting_.tried != nullptr && setting_.tried->contains(points.col(c)));
    if (is_tried) result.values[c] = -std::numeric_limits<double>::infinity();
  }
}

AcquisitionValues Acquisition::join(const Table& points, const Prediction& all,
                                    const Prediction& finished) const {
  AcquisitionValues result{.values = Vector(all.mean.size())};
  result.slopes.resize(all.mean_slopes.rows(), all.mean_slopes.cols());
  if (setting_.kind == Kind::improve) improve(all, result);
  if (setting_.kind == Kind::explore) explore(all, finished, result);
  exclude(points, all, result);
  return result;
}

AcquisitionValues Acquisition::values(const Table& points, Want want,
                                      const OpenPoints::Neighbours& near) const {
  Workings workings;
  const Prediction finished = finished_.predict(points, want, &workings);
  Prediction all = finished;
  open_.condition(workings, near, all);
  AcquisitionValues result = join(points, all, finished);
  if (setting_.feasible == nullptr) return result;
  const Posterior& feasible = *setting_.feasible;
  const Index axes = feasible.kernel().dimension();
  const LogFeasibility chance = log_feasibility(
      feasible.predict(points.topRows(axes), want), feasible.kernel().noise,
      setting_.feasible_middle);
  result.values += setting_.feasible_weight * chance.value;
  if (want == Want::slopes) {
    result.slopes.topRows(axes) += setting_.feasible_weight * chance.slopes;
  }
  return result;
}

Vector Acquisition::bounds(const Table& points) const {
  const Prediction finished = finished_.bound(points);
  Prediction all = finished;
  if (open_.size() > 0) {
    all.nearest = all.nearest.cwiseMin(open_.nearest(points));
    all.variance = finished_.variance_bound(all.nearest);
  }
  Vector bounds = join(points, all, finished).values;
  if (setting_.feasible == nullptr || !setting_.bounds_feasible) return bounds;
  const Index axes = setting_.feasible->kernel().dimension();
  return bounds + setting_.feasible_weight *
                      log_feasibility_bound(setting_.feasible->bound(points.topRows(axes)),
                                            setting_.feasible->kernel().noise,
                                            setting_.feasible_middle);
}

}  // namespace hpo::gp
