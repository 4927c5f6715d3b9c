// Ranks among the distinct values below the median, through the normal distribution's quantile.
#include "strategies/gp/output_warp.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "strategies/normal.hpp"

namespace hpo::gp {
namespace {

// (a - b) / 2, which is finite whatever a and b are.
double half_difference(double a, double b) { return 0.5 * a - 0.5 * b; }

double median_of_sorted(const std::vector<double>& sorted) {
  const std::size_t half = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[half] : 0.5 * sorted[half - 1] + 0.5 * sorted[half];
}

// In units of the distance from the median to the best, so that no outlier decides the scale.
class HalfRank {
 public:
  // REQUIRES: sorted ascending, not empty
  explicit HalfRank(std::vector<double> sorted) : median_(median_of_sorted(sorted)) {
    reach_ = half_difference(sorted.back(), median_);
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    distinct_ = std::move(sorted);
    below_ = rank(median_);
    const bool is_there = distinct_[below_] == median_;
    share_ = static_cast<double>(below_) + (is_there ? 0.5 : 0.0);
    double sum = 0.0;
    for (std::size_t i = below_; i < distinct_.size(); ++i) sum += square(above(distinct_[i]));
    if (sum > 0.0) width_ = std::sqrt(sum / static_cast<double>(distinct_.size() - below_));
  }

  double operator()(double value) const {
    return value >= median_ ? above(value) : at_rank(static_cast<double>(rank(value)));
  }
  double middle_below() const {
    return below_ == 0 ? 0.0 : at_rank(0.5 * static_cast<double>(below_ - 1));
  }

 private:
  static double square(double x) { return x * x; }
  double above(double value) const {
    return reach_ > 0.0 ? half_difference(value, median_) / reach_ : 0.0;
  }
  double at_rank(double rank) const {
    return width_ * normal::quantile(0.5 * (rank + 0.5) / share_);
  }
  std::size_t rank(double value) const {
    const auto found = std::lower_bound(distinct_.begin(), distinct_.end(), value);
    return static_cast<std::size_t>(found - distinct_.begin());
  }

  double median_ = 0.0;
  double reach_ = 0.0;              // half of the best's distance to the median
  std::vector<double> distinct_{};  // ascending
  std::size_t below_ = 0;           // distinct values below the median
  double share_ = 0.0;              // of them, and of half the median if it is one
  double width_ = 1.0;              // of the good half; any if that is a single value
};

}  // namespace

Vector standardised(Vector values) {
  if (values.size() == 0) return values;
  values.array() -= values.mean();
  const double width = std::sqrt(values.squaredNorm() / static_cast<double>(values.size()));
  constexpr double rounding = 1e-14;  // of equal values' mean
  if (!(width > rounding)) return Vector::Zero(values.size());
  return values / width;
}

Vector warped(std::span<const double> values, std::span<const char> is_bad) {
  std::vector<double> known;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (is_bad[i] == 0) known.push_back(values[i]);
  }
  Vector result = Vector::Zero(static_cast<Index>(values.size()));
  if (known.empty()) return result;
  std::sort(known.begin(), known.end());
  const HalfRank warp(std::move(known));
  for (std::size_t i = 0; i < values.size(); ++i) {
    result[static_cast<Index>(i)] = is_bad[i] != 0 ? warp.middle_below() : warp(values[i]);
  }
  return standardised(std::move(result));
}

}  // namespace hpo::gp
