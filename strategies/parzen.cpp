// See parzen.hpp.
#include "strategies/parzen.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <numeric>

#include "schema/assert.hpp"
#include "strategies/elementary.hpp"

namespace hpo {
namespace {

constexpr double negligible = 45.0;   // e^-45 of the largest changes no digit of a sum
constexpr std::size_t block = 128;    // kernels: of 10 axes, 20 KiB

// In lanes that do not wait for each other: without them no compiler may reorder a maximum.
double most_of(std::span<const double> logs) {
  constexpr std::size_t lanes = 8;
  std::array<double, lanes> most{};
  most.fill(-std::numeric_limits<double>::infinity());
  std::size_t i = 0;
  for (; i + lanes <= logs.size(); i += lanes) {
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      most[lane] = logs[i + lane] > most[lane] ? logs[i + lane] : most[lane];
    }
  }
  for (; i < logs.size(); ++i) most[0] = std::max(most[0], logs[i]);
  return *std::max_element(most.begin(), most.end());
}

// log of a sum of exponentials that come block by block.
class LogSum {
 public:
  void add(std::span<const double> logs) {  // block of them at most
    const double most = most_of(logs);
    if (most > most_) {
      sum_ *= elementary::exp(most_ - most);
      most_ = most;
    }
    if (most <= most_ - negligible) return;
    std::array<double, block> terms{};
    for (std::size_t i = 0; i < logs.size(); ++i) terms[i] = logs[i] - most_;
    elementary::exp_each(std::span(terms).first(logs.size()));
    for (std::size_t i = 0; i < logs.size(); ++i) {
      sum_ += logs[i] > most_ - negligible ? terms[i] : 0.0;
    }
  }
  double value() const { return most_ + elementary::log(sum_); }

 private:
  double most_ = -std::numeric_limits<double>::infinity();
  double sum_ = 0.0;
};

// Of an axis with cells: its masses at each of many points, those of one cell only once.
class Masses {
 public:
  Masses(const ParzenAxis& axis, std::span<const double> points, std::size_t first,
         std::size_t dimension) {
    if (!axis.has_cells()) return;
    for (std::size_t i = first; i < points.size(); i += dimension) {
      const auto [known, is_new] = of_value_.try_emplace(points[i]);
      if (is_new) known->second = axis.masses(points[i]);
      of_point_.push_back(&known->second);
    }
  }
  std::span<const double> at(std::size_t point) const {
    if (of_point_.empty()) return {};
    return *of_point_[point];
  }

 private:
  std::map<double, std::vector<double>> of_value_{};
  std::vector<const std::vector<double>*> of_point_{};
};

// With room for one more.
std::vector<double> column(std::span<const double> points, std::size_t axis,
                           std::size_t dimension) {
  std::vector<double> found;
  found.reserve(points.size() / dimension + 1);
  for (std::size_t i = axis; i < points.size(); i += dimension) found.push_back(points[i]);
  return found;
}

}  // namespace

Parzen::Parzen(const UnitCube& cube, std::span<const double> points,
               std::span<const double> weights, double width_least,
               std::span<const double> inside) {
  const std::size_t dimension = cube.dimension();
  HPO_ASSERT(points.size() == weights.size() * dimension, "a weight for each point");
  const double sum = std::accumulate(weights.begin(), weights.end(), ParzenAxis::prior_weight);
  double cumulated = 0.0;
  for (std::size_t k = 0; k <= weights.size(); ++k) {
    const double weight = (k < weights.size() ? weights[k] : ParzenAxis::prior_weight) / sum;
    cumulated_.push_back(cumulated += weight);
    constants_.push_back(elementary::log(weight));
  }
  for (std::size_t a = 0; a < dimension; ++a) {
    axes_.emplace_back(cube, a, column(points, a, dimension), width_least);
    axes_.back().add_normalisers(constants_, column(inside, a, dimension));
  }
}

std::vector<double> Parzen::log_densities(std::span<const double> points) const {
  const std::size_t dimension = axes_.size();
  const std::size_t count = dimension == 0 ? 0 : points.size() / dimension;
  std::vector<Masses> masses;
  masses.reserve(dimension);
  for (std::size_t a = 0; a < dimension; ++a) masses.emplace_back(axes_[a], points, a, dimension);
  std::vector<LogSum> sums(count);
  std::array<double, block> buffer{};
  for (std::size_t first = 0; first < constants_.size(); first += block) {
    const std::size_t size = std::min(block, constants_.size() - first);
    const std::span<double> logs(buffer.data(), size);
    for (std::size_t p = 0; p < count; ++p) {
      std::copy_n(constants_.begin() + static_cast<std::ptrdiff_t>(first), size, logs.begin());
      for (std::size_t a = 0; a < dimension; ++a) {
        axes_[a].add(points[p * dimension + a], masses[a].at(p), first, logs);
      }
      sums[p].add(logs);
    }
  }
  std::vector<double> found;
  for (const LogSum& each : sums) found.push_back(each.value());
  return found;
}

std::size_t Parzen::kernel_at(double u) const {
  const auto found = std::upper_bound(cumulated_.begin(), cumulated_.end(), u);
  const auto kernel = static_cast<std::size_t>(found - cumulated_.begin());
  return std::min(kernel, cumulated_.size() - 1);
}

}  // namespace hpo
