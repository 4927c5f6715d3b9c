// Axes of the cube, sorted into numbers and choices once.
#include "strategies/cma/layout.hpp"

#include <algorithm>

#include "strategies/cma/bounds.hpp"
#include "strategies/domain_values.hpp"

namespace hpo {

CmaLayout::CmaLayout(const UnitCube& cube) : cube_(&cube) {
  for (std::size_t axis = 0; axis < cube.dimension(); ++axis) {
    const Domain& domain = cube.space().parameters()[cube.parameter_of(axis)].domain;
    const std::uint64_t last = last_index(domain);
    if (!cube.is_ordered(axis) || last == 1) {
      choices_.push_back(axis);
      counts_.push_back(static_cast<std::size_t>(last) + 1);
      continue;
    }
    const bool is_integer = !is_continuous(domain) && last < integer_values_max;
    if (is_integer) integers_.push_back(numbers_.size());
    numbers_.push_back({axis, is_integer});
  }
}

UnitCube::Cell CmaLayout::integer_cell(std::size_t integer, double u) const {
  return cube_->cell(numbers_[integers_[integer]].axis, u);
}

std::vector<double> CmaLayout::point(const CmaDraw& draw) const {
  std::vector<double> point(cube_->dimension());
  for (std::size_t i = 0; i < numbers_.size(); ++i) {
    point[numbers_[i].axis] =
        numbers_[i].is_integer ? std::clamp(draw.x[i], 0.0, 1.0) : folded(draw.x[i]);
  }
  for (std::size_t i = 0; i < choices_.size(); ++i) {
    point[choices_[i]] = (static_cast<double>(draw.categories[i]) + 0.5) /
                         static_cast<double>(counts_[i]);
  }
  return point;
}

CmaDraw CmaLayout::draw_of(std::span<const double> point) const {
  CmaDraw draw;
  for (const Number& number : numbers_) {
    const double u = point[number.axis];
    const UnitCube::Cell cell = cube_->cell(number.axis, u);
    draw.x.push_back(number.is_integer ? 0.5 * (cell.low + cell.high) : unfolded(u));
  }
  for (std::size_t i = 0; i < choices_.size(); ++i) {
    const double count = static_cast<double>(counts_[i]);
    draw.categories.push_back(std::min(static_cast<std::size_t>(point[choices_[i]] * count),
                                       counts_[i] - 1));
  }
  return draw;
}

}  // namespace hpo
