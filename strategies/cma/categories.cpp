// Gradients of all choices lie one after the other: of every value, or of all but the last one.
#include "strategies/cma/categories.hpp"

#include <algorithm>
#include <cmath>

#include "schema/assert.hpp"
#include "strategies/elementary.hpp"

namespace hpo {
namespace {

constexpr double signal_to_noise = 1.5;  // alpha: where the step stays as it is
constexpr double length_min = 1e-8;
constexpr double trust_max = 1e30;

}  // namespace

CmaCategories::CmaCategories(std::vector<std::size_t> counts, double margin) : margin_(margin) {
  std::size_t free = 0;
  for (const std::size_t count : counts) {
    HPO_ASSERT(count >= 2, "a choice of one value is none");
    probabilities_.emplace_back(count, 1.0 / static_cast<double>(count));
    free += count - 1;
  }
  path_.assign(free, 0.0);
}

std::vector<std::size_t> CmaCategories::draw(std::span<const double> units) const {
  std::vector<std::size_t> values(probabilities_.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    double sum = 0.0;
    const std::size_t last = probabilities_[i].size() - 1;
    while (values[i] < last && (sum += probabilities_[i][values[i]]) <= units[i]) ++values[i];
  }
  return values;
}

void CmaCategories::update(std::span<const std::vector<std::size_t>* const> better_half,
                           std::span<const double> weights) {
  const std::vector<double> change = gradient(better_half, weights);
  const std::vector<double> direction = scaled(change);
  double squares = 0.0;
  for (const double g : direction) squares += g * g;
  const double length = std::sqrt(squares);
  const double step = 1.0 / trust_ / (length + length_min);
  std::size_t k = 0;
  for (std::vector<double>& q : probabilities_) {
    for (double& each : q) each += step * change[k++];
  }
  if (length > 0.0) adapt_step(direction, length);
  hold_margin();
}

// The natural gradient of the weighted log-likelihood: sum of w (c - q), c one-hot.
std::vector<double> CmaCategories::gradient(
    std::span<const std::vector<std::size_t>* const> better_half,
    std::span<const double> weights) const {
  std::vector<double> change;
  for (std::size_t i = 0; i < probabilities_.size(); ++i) {
    const std::vector<double>& q = probabilities_[i];
    const std::size_t first = change.size();
    change.resize(first + q.size(), 0.0);
    for (std::size_t k = 0; k < better_half.size(); ++k) {
      for (std::size_t v = 0; v < q.size(); ++v) {
        const double hit = (*better_half[k])[i] == v ? 1.0 : 0.0;
        change[first + v] += weights[k] * (hit - q[v]);
      }
    }
  }
  return change;
}

// Times a square root of the Fisher matrix: Akimoto et al. 2019, appendix B.
std::vector<double> CmaCategories::scaled(std::span<const double> gradient) const {
  std::vector<double> direction;
  direction.reserve(path_.size());
  std::size_t first = 0;
  for (const std::vector<double>& q : probabilities_) {
    const std::size_t last = q.size() - 1;
    double sum = 0.0;
    for (std::size_t v = 0; v < last; ++v) sum += gradient[first + v];
    for (std::size_t v = 0; v < last; ++v) {
      const double root = std::sqrt(q[v]);
      direction.push_back(gradient[first + v] / root +
                          root * sum / (q[last] + std::sqrt(q[last])));
    }
    first += q.size();
  }
  return direction;
}

// Akimoto et al. 2019, algorithm 1: a path of directions, longer than chance if they agree.
void CmaCategories::adapt_step(std::span<const double> direction, double length) {
  const double step = 1.0 / trust_;
  const double beta =
      std::min(1.0, step / std::sqrt(static_cast<double>(path_.size())));
  const double gain = beta * (2.0 - beta);
  double squares = 0.0;
  for (std::size_t k = 0; k < path_.size(); ++k) {
    path_[k] = (1.0 - beta) * path_[k] + std::sqrt(gain) * direction[k] / length;
    squares += path_[k] * path_[k];
  }
  noise_ = (1.0 - beta) * (1.0 - beta) * noise_ + gain;
  const double exponent = beta * (noise_ - squares / signal_to_noise);
  trust_ = std::min(trust_ * elementary::exp(exponent), trust_max);
}

// No probability below the floor; what was added to some is taken from those above it.
void CmaCategories::hold_margin() {
  for (std::vector<double>& q : probabilities_) {
    const double floor = margin_ / static_cast<double>(q.size() - 1);
    double sum = 0.0;
    for (double& each : q) sum += each = std::max(each, floor);
    const double room = sum - floor * static_cast<double>(q.size());
    double whole = 0.0;
    for (double& each : q) whole += each -= (sum - 1.0) * (each - floor) / room;
    for (double& each : q) each /= whole;
  }
}

}  // namespace hpo
