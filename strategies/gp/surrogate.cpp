// Fits first, each from the one before; then one factorisation, then the appends since.
#include "strategies/gp/surrogate.hpp"

#include <algorithm>
#include <numeric>

#include "strategies/gp/active_set.hpp"
#include "strategies/gp/fit.hpp"
#include "strategies/gp/schedule.hpp"

namespace hpo::gp {
namespace {

constexpr Index fit_points_least = 3;
constexpr int cold_every = 10;  // fits

}  // namespace

Surrogate::Surrogate(Prior prior, const Limits& limits)
    : prior_(std::move(prior)), limits_(limits), kernel_(usual_kernel(prior_)),
      posterior_(kernel_) {}

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

// Of the first `count` points, those that are modelled.
std::vector<Index> Surrogate::chosen(Index count, const Targets& targets) const {
  if (count > limits_.exact) {
    return active_set(kernel_, points_.topRows(count), targets(count), limits_.local);
  }
  std::vector<Index> all(static_cast<std::size_t>(count));
  std::iota(all.begin(), all.end(), Index{0});
  return all;
}

void Surrogate::fit(std::size_t finished, const Targets& targets) {
  const Index count = points_at(finished);
  fitted_at_ = finished;
  ++fits_;
  if (count < fit_points_least) return;
  const std::vector<Index> rows = chosen(count, targets);
  const Vector wanted = targets(count)(rows);
  if (wanted.isZero(0.0)) return;  // nothing to explain
  const Table points = points_(rows, Eigen::all);
  kernel_ = fitted(points, wanted, prior_, kernel_, fits_ % cold_every == 0);
}

// The last count, up to this one, at which the factor is made anew.
std::size_t Surrogate::base_of(std::size_t finished) const {
  if (points_at(finished) <= limits_.exact) return fitted_at_;
  return std::max(fitted_at_, finished / limits_.renewed_every * limits_.renewed_every);
}

void Surrogate::follow(std::size_t finished, const Targets& targets) {
  if (finished == followed_) return;
  for (std::size_t next = next_fit(fitted_at_); next <= finished; next = next_fit(fitted_at_)) {
    fit(next, targets);
  }
  if (const std::size_t base = base_of(finished); base != base_) {
    base_ = base;
    active_ = chosen(points_at(base), targets);
    posterior_ = Posterior(kernel_, points_(active_, Eigen::all));
  }
  const Index first = active_.empty() ? 0 : active_.back() + 1;
  for (Index i = std::max(first, points_at(base_)); i < size(); ++i) {
    posterior_.append(row(i));
    active_.push_back(i);
  }
  posterior_.set_targets(targets(size())(active_));
  followed_ = finished;
}

}  // namespace hpo::gp
