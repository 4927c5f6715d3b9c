// An integer at the end of its range has one neighbour, any other has two: two corrections.
#include "strategies/cma/margin.hpp"

#include <algorithm>
#include <cmath>

#include "schema/assert.hpp"
#include "strategies/elementary.hpp"
#include "strategies/normal.hpp"

namespace hpo {
namespace {

constexpr double probability_min = 1e-8;

double middle(const UnitCube::Cell& cell) { return 0.5 * (cell.low + cell.high); }

double in_range(double p) { return std::clamp(p, probability_min, 0.5 - probability_min); }

// How many deviations from the mean a threshold is that is crossed with probability p.
double deviations(double p) { return -normal::quantile(p); }

}  // namespace

double margin_probability(std::size_t n) {
  HPO_ASSERT(n > 0, "a margin is there for an integer or a category");
  return 1.0 - elementary::exp(elementary::log(0.73) / static_cast<double>(n));
}

CmaMargin::CmaMargin(std::vector<std::size_t> coordinates, CellOf cell_of, double alpha)
    : cell_of_(std::move(cell_of)), alpha_(alpha) {
  for (const std::size_t c : coordinates) {
    integers_.push_back({.coordinate = c, .rate = 0.5 - probability_min});
  }
}

// Coordinates beyond the ends stand for the last values.
UnitCube::Cell CmaMargin::cell(std::size_t i, double x) const {
  return cell_of_(i, std::clamp(x, 0.0, 1.0));
}

void CmaMargin::centre(const CmaShape& shape, std::span<std::vector<double>* const> better_half) {
  for (std::size_t i = 0; i < integers_.size(); ++i) {
    centre_one(i, shape.mean[integers_[i].coordinate], better_half);
  }
}

// Who left the mean's cell goes to the middle of its new one; those that stayed are drawn towards
// their middle, so far that the sum of all shifts is as small as it can be.
void CmaMargin::centre_one(std::size_t i, double mean,
                           std::span<std::vector<double>* const> better_half) {
  const std::size_t c = integers_[i].coordinate;
  const double home = middle(cell(i, mean));
  integers_[i].has_changed = false;
  double bias = 0.0;
  double up = 0.0;    // what those that stayed could be shifted, upwards and downwards
  double down = 0.0;
  for (std::vector<double>* x : better_half) {
    const double shift = middle(cell(i, (*x)[c])) - (*x)[c];
    if (middle(cell(i, (*x)[c])) != home) {
      integers_[i].has_changed = true;
      bias += shift;
      (*x)[c] += shift;
    } else {
      (shift > 0.0 ? up : down) += shift;
    }
  }
  const double counter = bias > 0.0 ? down : up;
  if (bias * counter >= 0.0) return;
  const double share = std::min(1.0, -bias / counter);
  for (std::vector<double>* x : better_half) {
    const double here = middle(cell(i, (*x)[c]));
    if (here == home && bias * (here - (*x)[c]) < 0.0) (*x)[c] += share * (here - (*x)[c]);
  }
}

void CmaMargin::correct(CmaShape& shape) {
  for (std::size_t i = 0; i < integers_.size(); ++i) {
    const UnitCube::Cell here = cell(i, shape.mean[integers_[i].coordinate]);
    const bool is_edge = here.low <= 0.0 || here.high >= 1.0;
    is_edge ? correct_edge(i, here, shape) : correct_inside(i, here, shape);
  }
}

void CmaMargin::correct_edge(std::size_t i, const UnitCube::Cell& cell, CmaShape& shape) {
  Integer& it = integers_[i];
  double& mean = shape.mean[it.coordinate];
  double& widening = shape.widening[it.coordinate];
  const double deviation = shape.sigma * std::sqrt(shape.covariance.variance(it.coordinate));
  const bool is_low_end = cell.low <= 0.0;
  const double threshold = is_low_end ? cell.high : cell.low;
  const double beyond = normal::cdf(-std::abs(threshold - mean) / (deviation * widening));
  double rate = std::max(beyond, alpha_);
  if (!it.has_changed) rate = std::min(rate, it.rate);
  it.rate = in_range(rate);
  // The mean could lie at the last value itself, and the margin would still hold.
  widening = std::max(widening, std::abs(middle(cell) - threshold) /
                                    (deviation * deviations(in_range(alpha_))));
  const double distance = deviation * widening * deviations(it.rate);
  mean = is_low_end ? threshold - distance : threshold + distance;
}

void CmaMargin::correct_inside(std::size_t i, const UnitCube::Cell& cell, CmaShape& shape) {
  Integer& it = integers_[i];
  double& mean = shape.mean[it.coordinate];
  double& widening = shape.widening[it.coordinate];
  const double deviation = shape.sigma * std::sqrt(shape.covariance.variance(it.coordinate));
  double below = normal::cdf((cell.low - mean) / (deviation * widening));
  double above = normal::cdf((mean - cell.high) / (deviation * widening));
  const double stay_min = it.has_changed ? 0.5 * alpha_ : 1.0 - it.rate;
  double stay = 1.0 - below - above;
  if (!it.has_changed) stay = std::max(stay, stay_min);
  const double half = 0.5 * alpha_;
  below = std::max(below, half);
  above = std::max(above, half);
  // What was added to one is taken from all, in proportion to what they have above their minimum.
  const double room = below + above + stay - alpha_ - stay_min;
  const double excess = room > 0.0 ? (1.0 - below - above - stay) / room : 0.0;
  below = in_range(below + excess * (below - half));
  above = in_range(above + excess * (above - half));
  const double down = deviations(below);
  const double up = deviations(above);
  widening = (cell.high - cell.low) / ((down + up) * deviation);
  mean = (cell.low * up + cell.high * down) / (down + up);
  it.rate = below + above;
}

}  // namespace hpo
