// The state between two questions is the line that is searched.
#include "strategies/gp/minimiser.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace hpo::gp {
namespace {

constexpr std::size_t pairs_max = 8;
constexpr int halvings_max = 12;
constexpr double sufficient = 1e-4;  // of the decrease that the gradient promises (Armijo)
constexpr double curved = 1e-10;     // relative curvature that a pair must have

}  // namespace

Minimiser::Minimiser(Vector start, Vector low, Vector high, const MinimiserLimits& limits)
    : low_(std::move(low)), high_(std::move(high)), limits_(limits), asked_(start),
      best_(std::move(start)), best_value_(std::numeric_limits<double>::infinity()) {
  is_done_ = best_.size() == 0 || limits_.asks_max < 1;
}

void Minimiser::tell(double value, const Vector& gradient) {
  ++asks_;
  if (is_first_) {
    is_first_ = false;
    if (!std::isfinite(value)) {
      is_done_ = true;  // nowhere to go from here
      return;
    }
    best_value_ = value;
    gradient_ = gradient;
    start_line();
  } else {
    const double promised = gradient_.dot(asked_ - best_);
    if (std::isfinite(value) && value <= best_value_ + sufficient * promised) {
      accept(value, gradient);
    } else if (++halvings_ > halvings_max) {
      is_done_ = true;
    } else {
      step_to(0.5 * length_);
    }
  }
  if (asks_ >= limits_.asks_max) is_done_ = true;
}

void Minimiser::accept(double value, const Vector& gradient) {
  Pair pair{.step = asked_ - best_, .change = gradient - gradient_};
  pair.product = pair.step.dot(pair.change);
  if (pair.product > curved * pair.step.norm() * pair.change.norm()) {
    pairs_.push_back(std::move(pair));
    if (pairs_.size() > pairs_max) pairs_.pop_front();
  }
  const double gained = best_value_ - value;
  best_ = asked_;
  best_value_ = value;
  gradient_ = gradient;
  if (gained <= limits_.decrease_least * std::max(1.0, std::abs(value))) is_done_ = true;
  if (!is_done_) start_line();
}

// 0 where the box holds the best back from where the gradient would push it.
Vector Minimiser::free_part(const Vector& v) const {
  Vector part = v;
  for (Index i = 0; i < v.size(); ++i) {
    const bool is_held = (best_[i] <= low_[i] && gradient_[i] > 0.0) ||
                         (best_[i] >= high_[i] && gradient_[i] < 0.0);
    if (is_held) part[i] = 0.0;
  }
  return part;
}

// Algorithm 7.4: the newest pair first, then back.
Vector Minimiser::direction(const Vector& free_gradient) const {
  Vector q = free_gradient;
  std::vector<double> shares(pairs_.size());
  for (std::size_t i = pairs_.size(); i-- > 0;) {
    shares[i] = pairs_[i].step.dot(q) / pairs_[i].product;
    q -= shares[i] * pairs_[i].change;
  }
  if (!pairs_.empty()) q *= pairs_.back().product / pairs_.back().change.squaredNorm();
  for (std::size_t i = 0; i < pairs_.size(); ++i) {
    q += (shares[i] - pairs_[i].change.dot(q) / pairs_[i].product) * pairs_[i].step;
  }
  return free_part(-q);
}

void Minimiser::start_line() {
  const Vector free_gradient = free_part(gradient_);
  if (!(free_gradient.lpNorm<Eigen::Infinity>() > limits_.gradient_least)) {
    is_done_ = true;
    return;
  }
  direction_ = direction(free_gradient);
  if (!(direction_.dot(gradient_) < 0.0)) {
    pairs_.clear();
    direction_ = -free_gradient;
  }
  const double largest = direction_.lpNorm<Eigen::Infinity>();
  const double longest = pairs_.empty() ? limits_.step_first : limits_.step_max;
  halvings_ = 0;
  step_to(std::min(1.0, longest / largest));
}

void Minimiser::step_to(double length) {
  length_ = length;
  asked_ = (best_ + length * direction_).cwiseMax(low_).cwiseMin(high_);
}

}  // namespace hpo::gp
