// Counters of successes and failures in a row, and the box that follows.
#include "strategies/gp/trust_region.hpp"

#include <algorithm>
#include <cmath>

#include "strategies/elementary.hpp"

namespace hpo::gp {
namespace {

constexpr Index few_axes = 20;
constexpr double length_first = 0.8;
constexpr double length_least = 0.0078125;  // 2^-7
constexpr double length_most = 1.6;
constexpr Index successes_wanted = 3;
constexpr double share_better = 1e-3;   // of the best's magnitude, to count as better
constexpr double axes_moved = 20.0;     // of a candidate's

}  // namespace

Region whole_cube(Index axes) {
  return {.low = Vector::Zero(axes), .high = Vector::Ones(axes)};
}

void TrustRegion::tell(double value) {
  const bool is_first = told_++ == 0;
  const bool is_better = is_first || value > best_ + share_better * std::abs(best_);
  if (is_first || value > best_) best_ = value;
  successes_ = is_better ? successes_ + 1 : 0;
  failures_ = is_better ? 0 : failures_ + 1;
  if (successes_ == successes_wanted) {
    length_ = std::min(2.0 * length_, length_most);
    successes_ = 0;
  } else if (failures_ == axes_) {
    length_ *= 0.5;
    failures_ = 0;
  }
  if (length_ < length_least) length_ = length_first;
}

Region TrustRegion::around(const Vector& centre, const Kernel& kernel) const {
  Region region = whole_cube(axes_);
  if (axes_ <= few_axes) return region;
  double log_mean = 0.0;  // of the lengths 1/√λ along ordered axes
  Index ordered = 0;
  for (Index j = 0; j < axes_; ++j) {
    if (kernel.is_ordered[static_cast<std::size_t>(j)] == 0) continue;
    log_mean -= 0.5 * elementary::log(kernel.weights[j]);
    ++ordered;
  }
  if (ordered > 0) log_mean /= static_cast<double>(ordered);
  for (Index j = 0; j < axes_; ++j) {
    if (kernel.is_ordered[static_cast<std::size_t>(j)] == 0 || centre[j] == absent) continue;
    const double relative =
        elementary::exp(-0.5 * elementary::log(kernel.weights[j]) - log_mean);
    const double half = 0.5 * length_ * relative;
    region.low[j] = std::max(0.0, centre[j] - half);
    region.high[j] = std::min(1.0, centre[j] + half);
  }
  region.centre = centre;
  region.share_moved = axes_moved / static_cast<double>(axes_);
  return region;
}

}  // namespace hpo::gp
