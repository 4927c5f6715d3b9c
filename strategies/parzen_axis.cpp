// See parzen_axis.hpp. Loops over all kernels are plain ones, for the compiler to vectorise.
#include "strategies/parzen_axis.hpp"

#include <algorithm>
#include <cmath>

#include "strategies/elementary.hpp"
#include "strategies/normal.hpp"
#include "strategies/radix_order.hpp"

namespace hpo {
namespace {

constexpr double prior_middle = 0.5;
constexpr double prior_width = 1.0;
constexpr double width_share = 0.7;   // of the distance to the farther neighbour
constexpr double log_of_nothing = -700.0;  // a cell too far away to tell how far
constexpr double whole_from = 8.5;         // beyond so many widths, 1 less the tail is 1

double log_mass(double low, double high) {
  if (low < -whole_from && high > whole_from) return 0.0;
  const double mass = normal::mass(low, high);
  return mass > 0.0 ? elementary::log(mass) : log_of_nothing;
}

std::size_t index_of(const UnitCube::Cell& cell) {
  return static_cast<std::size_t>(std::floor(cell.low / (cell.high - cell.low) + 0.5));
}

}  // namespace

ParzenAxis::ParzenAxis(const UnitCube& cube, std::size_t axis, std::vector<double> middles,
                       double narrowest)
    : cube_(cube), axis_(axis), is_ordered_(cube.is_ordered(axis)),
      one_over_narrowest_(1.0 / narrowest), middle_(std::move(middles)) {
  middle_.push_back(prior_middle);
  if (is_ordered_) find_widths(narrowest);
  else find_values();
}

// The farther neighbour decides; at the ends, the only one. The prior stands among the points.
void ParzenAxis::find_widths(double narrowest) {
  const std::size_t count = middle_.size();
  const std::vector<std::uint32_t> order = radix_order(middle_);
  const UnitCube::Cell cell = cube_.cell(axis_, 0.0);
  const bool has_cells = cell.low != cell.high;
  one_over_width_.resize(count);
  if (has_cells) shape_.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t kernel = order[i];
    const double here = middle_[kernel];
    const double left = i > 0 ? here - middle_[order[i - 1]] : 0.0;
    const double right = i + 1 < count ? middle_[order[i + 1]] - here : 0.0;
    const bool is_prior = kernel + 1 == count;
    const double far = std::clamp(width_share * std::max(left, right), narrowest, 1.0);
    const double width = is_prior ? prior_width : far;
    one_over_width_[kernel] = 1.0 / width;
    if (!has_cells) continue;
    const Shape shape{.middle = here, .one_over_width = one_over_width_[kernel]};
    const bool is_new = shapes_.empty() || shapes_.back().middle != shape.middle ||
                        shapes_.back().one_over_width != shape.one_over_width;
    if (is_new) shapes_.push_back(shape);
    shape_[kernel] = static_cast<std::uint32_t>(shapes_.size() - 1);
  }
}

// A shape for each value, and the prior's.
void ParzenAxis::find_values() {
  const UnitCube::Cell first = cube_.cell(axis_, 0.0);
  values_ = static_cast<std::size_t>(std::floor(1.0 / (first.high - first.low) + 0.5));
  for (const double middle : middle_) {
    shape_.push_back(static_cast<std::uint32_t>(index_of(cube_.cell(axis_, middle))));
  }
  shape_.back() = static_cast<std::uint32_t>(values_);
  const double little = prior_weight / static_cast<double>(middle_.size());
  const double all = 1.0 + static_cast<double>(values_) * little;
  log_same_ = elementary::log((1.0 + little) / all);
  log_other_ = elementary::log(little / all);
}

double ParzenAxis::log_inside(double middle, double one_over_width) {
  return log_mass((0.0 - middle) * one_over_width, (1.0 - middle) * one_over_width);
}

void ParzenAxis::add_normalisers(std::vector<double>& logs, std::span<const double> known) const {
  if (!is_ordered_) return;
  double last = 0.0;  // most kernels have the least width
  double log_of_last = 0.0;
  for (std::size_t k = 0; k < middle_.size(); ++k) {
    const double inverse = one_over_width_[k];
    const bool is_known = k < known.size() && inverse == one_over_narrowest_;
    logs[k] -= is_known ? known[k] : log_inside(middle_[k], inverse);
    if (has_cells()) continue;
    if (inverse != last) log_of_last = elementary::log(last = inverse);
    logs[k] += log_of_last;
  }
}

std::vector<double> ParzenAxis::masses(double u) const {
  if (!is_ordered_) return masses_without_order(u);
  const UnitCube::Cell cell = cube_.cell(axis_, u);
  std::vector<double> found;
  found.reserve(shapes_.size());
  for (const Shape& shape : shapes_) {
    found.push_back(log_mass((cell.low - shape.middle) * shape.one_over_width,
                             (cell.high - shape.middle) * shape.one_over_width));
  }
  return found;
}

std::vector<double> ParzenAxis::masses_without_order(double u) const {
  std::vector<double> found(values_ + 1, log_other_);
  found[index_of(cube_.cell(axis_, u))] = log_same_;
  found.back() = -elementary::log(static_cast<double>(values_));
  return found;
}

void ParzenAxis::add(double u, std::span<const double> masses, std::size_t first,
                     std::span<double> logs) const {
  if (has_cells()) {
    for (std::size_t i = 0; i < logs.size(); ++i) logs[i] += masses[shape_[first + i]];
    return;
  }
  const double* const middle = middle_.data() + first;
  const double* const inverse = one_over_width_.data() + first;
  for (std::size_t i = 0; i < logs.size(); ++i) {
    const double z = (u - middle[i]) * inverse[i];
    logs[i] -= 0.5 * z * z;
  }
}

double ParzenAxis::draw(std::size_t kernel, double u) const {
  const double middle = middle_[kernel];
  double x = u;  // the prior's, where there is no order
  if (is_ordered_) {
    const double inverse = one_over_width_[kernel];
    const double low = normal::cdf((0.0 - middle) * inverse);
    const double high = normal::cdf((1.0 - middle) * inverse);
    x = middle + normal::quantile(low + u * (high - low)) / inverse;
  } else if (kernel + 1 < middle_.size()) {
    // The share of the observed value beyond that of each other one; what is left is uniform.
    const double more = elementary::exp(log_same_) - elementary::exp(log_other_);
    x = u < more ? middle : (u - more) / (1.0 - more);
  }
  const UnitCube::Cell cell = cube_.cell(axis_, std::clamp(x, 0.0, 1.0));
  return cell.low + 0.5 * (cell.high - cell.low);
}

}  // namespace hpo
