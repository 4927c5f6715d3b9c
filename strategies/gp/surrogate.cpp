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
    : prior_(std::move(prior)), limits_(limits), posterior_(usual_kernel(prior_)) {}

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
std::vector<Index> Surrogate::chosen(const Kernel& kernel, Index count,
                                     const Targets& targets) const {
  if (count > limits_.exact) {
    return active_set(kernel, points_.topRows(count), targets(count), limits_.local);
  }
  std::vector<Index> all(static_cast<std::size_t>(count));
  std::iota(all.begin(), all.end(), Index{0});
  return all;
}

Kernel Surrogate::fitted_kernel(std::size_t finished, const Targets& targets) const {
  const Kernel start = fits_.empty() ? usual_kernel(prior_) : fits_.back().kernel;
  const Index count = points_at(finished);
  if (count < fit_points_least) return start;
  const std::vector<Index> rows = chosen(start, count, targets);
  const Vector wanted = targets(count)(rows);
  if (wanted.isZero(0.0)) return start;  // nothing to explain
  const Table points = points_(rows, Eigen::all);
  const bool is_cold = (fits_.size() + 1) % cold_every == 0;
  return fitted(points, wanted, prior_, start, is_cold);
}

void Surrogate::fit(std::size_t finished, const Targets& targets) {
  while (is_due(finished)) {
    const std::size_t next = next_fit(last_fit());
    fits_.push_back({next, fitted_kernel(next, targets)});
  }
}

void Surrogate::take(const std::vector<Fit>& fits) {
  if (fits.size() > fits_.size()) fits_ = fits;
}

// The last count, up to this one, at which the factor is made anew.
std::size_t Surrogate::base_of(std::size_t fitted_at, std::size_t finished) const {
  if (points_at(finished) <= limits_.exact) return fitted_at;
  return std::max(fitted_at, finished / limits_.renewed_every * limits_.renewed_every);
}

void Surrogate::follow(std::size_t finished, std::size_t fitted_limit, const Targets& targets) {
  fit(fitted_limit, targets);
  const auto after = std::ranges::upper_bound(fits_, fitted_limit, {}, &Fit::finished);
  const std::size_t at = after == fits_.begin() ? 0 : std::prev(after)->finished;
  if (finished == followed_ && at == fitted_at_) return;
  if (const std::size_t base = base_of(at, finished); base != base_ || at != fitted_at_) {
    const Kernel kernel = at == 0 ? usual_kernel(prior_) : std::prev(after)->kernel;
    fitted_at_ = at;
    base_ = base;
    active_ = chosen(kernel, points_at(base), targets);
    posterior_ = Posterior(kernel, points_(active_, Eigen::all));
  }
  const Index first = active_.empty() ? 0 : active_.back() + 1;
  for (Index i = std::max(first, points_at(base_)); i < size(); ++i) {
    posterior_.append(row(i));
    active_.push_back(i);
  }
  posterior_.set_targets(targets(size())(active_));
  followed_ = finished;
}

std::size_t Surrogate::bytes() const {
  const std::size_t modelled = active_.size();
  return sizeof(double) * (modelled * modelled + static_cast<std::size_t>(points_.size()));
}

}  // namespace hpo::gp
