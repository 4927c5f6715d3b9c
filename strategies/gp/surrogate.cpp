// Fits first, each from the one before; then one factorisation, then the appends since.
#include "strategies/gp/surrogate.hpp"

#include <algorithm>

#include "strategies/gp/fit.hpp"
#include "strategies/gp/schedule.hpp"

namespace hpo::gp {
namespace {

constexpr Index fit_points_least = 3;
constexpr int cold_every = 10;  // fits

}  // namespace

Surrogate::Surrogate(Prior prior)
    : prior_(std::move(prior)), kernel_(usual_kernel(prior_)), posterior_(kernel_) {}

void Surrogate::add(const Vector& point, std::size_t finished) {
  const Index row = size();
  if (row == points_.rows()) {
    points_.conservativeResize(std::max<Index>(64, 2 * row), prior_.dimension());
  }
  points_.row(row) = point.transpose();
  finished_.push_back(finished);
}

Index Surrogate::points_at(std::size_t finished) const {
  const auto end = std::upper_bound(finished_.begin(), finished_.end(), finished);
  return static_cast<Index>(end - finished_.begin());
}

void Surrogate::fit(std::size_t finished, const Targets& targets) {
  const Index count = points_at(finished);
  fitted_at_ = finished;
  ++fits_;
  if (count < fit_points_least) return;
  const Table points = points_.topRows(count);
  const Vector wanted = targets(count);
  if (wanted.isZero(0.0)) return;  // nothing to explain
  kernel_ = fitted(points, wanted, prior_, kernel_, fits_ % cold_every == 0);
}

void Surrogate::follow(std::size_t finished, const Targets& targets) {
  if (finished == followed_) return;
  const std::size_t before = fitted_at_;
  for (std::size_t next = next_fit(fitted_at_); next <= finished; next = next_fit(fitted_at_)) {
    fit(next, targets);
  }
  if (fitted_at_ != before) {
    const Table points = points_.topRows(points_at(fitted_at_));
    posterior_ = Posterior(kernel_, points);
  }
  while (posterior_.size() < size()) posterior_.append(point(posterior_.size()));
  posterior_.set_targets(targets(size()));
  followed_ = finished;
}

}  // namespace hpo::gp
