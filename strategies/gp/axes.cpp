// Walks from cell to cell through the unit cube, which alone knows where they are.
#include "strategies/gp/axes.hpp"

#include "strategies/domain_values.hpp"
#include "strategies/gp/kernel.hpp"

namespace hpo::gp {
namespace {

constexpr std::uint64_t few_values = 16;
constexpr std::uint64_t choices_tried = 64;
constexpr double within = 0.01;  // of a cell, to be in it whatever the rounding of its end
constexpr int neighbours = 4;  // to each side, 1, 2, 4 and 8 cells away

}  // namespace

Axes::Axes(const UnitCube& cube, bool has_level) : cube_(cube) {
  for (std::size_t a = 0; a < cube.dimension(); ++a) {
    const Domain& domain = cube.space().parameters()[cube.parameter_of(a)].domain;
    const std::uint64_t count = hpo::is_continuous(domain) ? 0 : last_index(domain) + 1;
    counts_.push_back(count);
    if (count > 0) are_continuous_ = false;
    is_ordered_.push_back(cube.is_ordered(a) ? 1 : 0);
    is_smooth_.push_back(cube.is_ordered(a) && (count == 0 || count > few_values) ? 1 : 0);
  }
  for (const std::size_t parameter : cube.space().order()) {
    for (std::size_t a = 0; a < cube.dimension(); ++a) {
      if (cube.parameter_of(a) == parameter) parents_first_.push_back(static_cast<Index>(a));
    }
  }
  if (has_level) add_level();
  if (!cube.space().has_conditions()) return;
  are_continuous_ = false;
  for (std::size_t a = 0; a < cube.dimension(); ++a) {
    is_conditional_.push_back(cube.space().is_conditional(cube.parameter_of(a)) ? 1 : 0);
  }
  if (has_level) is_conditional_.push_back(0);
}

void Axes::add_level() {
  counts_.push_back(0);
  is_ordered_.push_back(1);
  is_smooth_.push_back(1);
}

void Axes::settle(Eigen::Ref<Vector> point) const {
  if (is_conditional_.empty()) return;
  std::vector<double> coordinates(point.begin(), point.begin() + searched());
  for (double& u : coordinates) u = u == absent ? UnitCube::unused : u;
  const std::vector<bool> is_active = cube_.active_at(coordinates);
  for (Index j = 0; j < searched(); ++j) {
    const auto i = static_cast<std::size_t>(j);
    point[j] = is_active[i] ? coordinates[i] : absent;
  }
}

double Axes::middle(Index axis, double u) const {
  const UnitCube::Cell cell = cube_.cell(static_cast<std::size_t>(axis), u);
  return cell.low + 0.5 * (cell.high - cell.low);
}

void Axes::snap(Eigen::Ref<Vector> point) const {
  settle(point);
  for (Index j = 0; j < size(); ++j) {
    if (!is_continuous(j) && point[j] != absent) point[j] = middle(j, point[j]);
  }
}

std::vector<double> Axes::others(Index axis, double u) const {
  std::vector<double> found;
  const std::uint64_t count = counts_[static_cast<std::size_t>(axis)];
  const double here = u == absent ? u : middle(axis, u);
  const auto add = [&](double other) {
    if (other < 0.0 || other > 1.0) return;
    const double there = middle(axis, other);
    if (there != here && (found.empty() || found.back() != there)) found.push_back(there);
  };
  if (count == 0 || u == absent) return found;
  if (is_smooth(axis)) {
    const UnitCube::Cell cell = cube_.cell(static_cast<std::size_t>(axis), u);
    double distance = cell.high - cell.low;
    for (int i = 0; i < neighbours; ++i, distance *= 2.0) {
      add(here - distance);
      add(here + distance);
    }
    return found;
  }
  if (is_ordered_[static_cast<std::size_t>(axis)] != 0) {  // cells may differ in width
    for (double at = 0.0; at < 1.0;) {
      add(at);
      const UnitCube::Cell cell = cube_.cell(static_cast<std::size_t>(axis), at);
      at = cell.high + within * (cell.high - cell.low);
    }
    return found;
  }
  const std::uint64_t tried = count < choices_tried ? count : choices_tried;
  const double width = 1.0 / static_cast<double>(tried);
  for (std::uint64_t k = 0; k < tried; ++k) add((static_cast<double>(k) + 0.5) * width);
  return found;
}

}  // namespace hpo::gp
