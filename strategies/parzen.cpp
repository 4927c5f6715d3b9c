// See parzen.hpp. Kernels lie side by side in each axis, so that the inner loops are plain ones.
#include "strategies/parzen.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "schema/assert.hpp"
#include "strategies/elementary.hpp"
#include "strategies/normal.hpp"

namespace hpo {
namespace {

constexpr double prior_weight = 1.0;
constexpr double prior_middle = 0.5;
constexpr double prior_width = 1.0;
constexpr std::size_t kernels_of_least_width = 100;
constexpr double negligible = 45.0;        // e^-45 of the largest changes no digit of a sum
constexpr double log_of_nothing = -700.0;  // a cell too far away to tell how far

std::size_t values_on(const UnitCube& cube, std::size_t axis) {
  const UnitCube::Cell first = cube.cell(axis, 0.0);
  return static_cast<std::size_t>(std::floor(1.0 / (first.high - first.low) + 0.5));
}

double log_mass(double low, double high) {
  const double mass = normal::mass(low, high);
  return mass > 0.0 ? elementary::log(mass) : log_of_nothing;
}

double log_sum_exp(const std::vector<double>& logs) {
  const double most = *std::max_element(logs.begin(), logs.end());
  double sum = 0.0;
  for (const double log : logs) {
    if (log > most - negligible) sum += elementary::exp(log - most);
  }
  return most + elementary::log(sum);
}

}  // namespace

Parzen::Parzen(const UnitCube& cube, std::span<const double> points,
               std::span<const double> weights)
    : cube_(cube), kernels_(weights.size() + 1) {
  HPO_ASSERT(points.size() == weights.size() * cube.dimension(), "a weight for each point");
  const double sum = std::accumulate(weights.begin(), weights.end(), prior_weight);
  double cumulated = 0.0;
  for (std::size_t k = 0; k < kernels_; ++k) {
    const double weight = (k < weights.size() ? weights[k] : prior_weight) / sum;
    cumulated_.push_back(cumulated += weight);
    constants_.push_back(elementary::log(weight));
  }
  for (std::size_t a = 0; a < cube.dimension(); ++a) {
    axes_.push_back(make_axis(a, points));
    add_normalisers(a);
  }
}

Parzen::Axis Parzen::make_axis(std::size_t axis, std::span<const double> points) const {
  Axis made;
  for (std::size_t i = axis; i < points.size(); i += cube_.dimension()) {
    made.middle.push_back(points[i]);
  }
  made.middle.push_back(prior_middle);
  if (cube_.is_ordered(axis)) {
    made.one_over_width = widths(made.middle);
    for (double& width : made.one_over_width) width = 1.0 / width;
    return made;
  }
  const auto values = static_cast<double>(values_on(cube_, axis));
  const double little = prior_weight / static_cast<double>(kernels_);
  const double all = 1.0 + values * little;
  made.log_same = elementary::log((1.0 + little) / all);
  made.log_other = elementary::log(little / all);
  made.log_prior = -elementary::log(values);
  return made;
}

// The farther neighbour decides; at the ends, the only one. The prior stands among the points.
std::vector<double> Parzen::widths(const std::vector<double>& middles) const {
  std::vector<std::size_t> order(middles.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return middles[a] < middles[b];
  });
  const double least =
      1.0 / static_cast<double>(std::min(kernels_of_least_width, 1 + middles.size()));
  std::vector<double> widths(middles.size(), prior_width);
  for (std::size_t i = 0; i < order.size(); ++i) {
    const double here = middles[order[i]];
    const double left = i > 0 ? here - middles[order[i - 1]] : 0.0;
    const double right = i + 1 < order.size() ? middles[order[i + 1]] - here : 0.0;
    widths[order[i]] = std::clamp(std::max(left, right), least, 1.0);
  }
  widths.back() = prior_width;
  return widths;
}

void Parzen::add_normalisers(std::size_t axis) {
  if (!cube_.is_ordered(axis)) return;
  const Axis& a = axes_[axis];
  const UnitCube::Cell cell = cube_.cell(axis, 0.0);
  const bool is_continuous = cell.low == cell.high;
  for (std::size_t k = 0; k < kernels_; ++k) {
    const double inverse = a.one_over_width[k];
    constants_[k] -= log_mass((0.0 - a.middle[k]) * inverse, (1.0 - a.middle[k]) * inverse);
    if (is_continuous) constants_[k] += elementary::log(inverse);
  }
}

void Parzen::add_axis(std::size_t axis, double u, std::vector<double>& logs) const {
  const Axis& a = axes_[axis];
  const UnitCube::Cell cell = cube_.cell(axis, u);
  if (!cube_.is_ordered(axis)) {
    for (std::size_t k = 0; k + 1 < kernels_; ++k) {
      const bool is_same = a.middle[k] >= cell.low && a.middle[k] < cell.high;
      logs[k] += is_same ? a.log_same : a.log_other;
    }
    logs.back() += a.log_prior;
    return;
  }
  if (cell.low == cell.high) {
    for (std::size_t k = 0; k < kernels_; ++k) {
      const double z = (u - a.middle[k]) * a.one_over_width[k];
      logs[k] -= 0.5 * z * z;
    }
    return;
  }
  for (std::size_t k = 0; k < kernels_; ++k) {
    logs[k] += log_mass((cell.low - a.middle[k]) * a.one_over_width[k],
                        (cell.high - a.middle[k]) * a.one_over_width[k]);
  }
}

double Parzen::log_density(std::span<const double> point) const {
  std::vector<double> logs = constants_;
  for (std::size_t a = 0; a < axes_.size(); ++a) add_axis(a, point[a], logs);
  return log_sum_exp(logs);
}

std::size_t Parzen::kernel_at(double u) const {
  const auto found = std::upper_bound(cumulated_.begin(), cumulated_.end(), u);
  const auto kernel = static_cast<std::size_t>(found - cumulated_.begin());
  return std::min(kernel, kernels_ - 1);
}

double Parzen::coordinate(std::size_t kernel, std::size_t axis, double u) const {
  const Axis& a = axes_[axis];
  double x = u;  // the prior's, where there is no order
  if (cube_.is_ordered(axis)) {
    const double low = normal::cdf((0.0 - a.middle[kernel]) * a.one_over_width[kernel]);
    const double high = normal::cdf((1.0 - a.middle[kernel]) * a.one_over_width[kernel]);
    x = a.middle[kernel] + normal::quantile(low + u * (high - low)) / a.one_over_width[kernel];
  } else if (kernel + 1 < kernels_) {
    // The share of the observed value beyond that of each other one; what is left is uniform.
    const double more = elementary::exp(a.log_same) - elementary::exp(a.log_other);
    x = u < more ? a.middle[kernel] : (u - more) / (1.0 - more);
  }
  x = std::clamp(x, 0.0, 1.0);
  const UnitCube::Cell cell = cube_.cell(axis, x);
  return cell.low + 0.5 * (cell.high - cell.low);
}

}  // namespace hpo
