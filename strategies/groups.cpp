// Sorted by their conditions; parents settle whatever lies above.
#include "strategies/groups.hpp"

#include <algorithm>

#include "schema/assert.hpp"

namespace hpo {
namespace {

std::vector<Condition> sorted(std::vector<Condition> when) {
  std::sort(when.begin(), when.end(),
            [](const Condition& a, const Condition& b) { return a.parent < b.parent; });
  return when;
}

Group group_over(const UnitCube& cube, std::vector<std::size_t> axes) {
  std::vector<Parameter> parameters;
  for (const std::size_t axis : axes) {
    parameters.push_back(cube.space().parameters()[cube.parameter_of(axis)]);
    parameters.back().when.clear();
  }
  auto space = SearchSpace::make(std::move(parameters));
  HPO_ASSERT(space, "parameters of a checked space are a space");
  return {.cube = UnitCube(*std::move(space)), .axes = std::move(axes)};
}

}  // namespace

std::vector<Group> groups_of(const UnitCube& cube) {
  std::vector<std::vector<Condition>> conditions;
  std::vector<std::vector<std::size_t>> axes;
  for (std::size_t axis = 0; axis < cube.dimension(); ++axis) {
    const auto when = sorted(cube.space().parameters()[cube.parameter_of(axis)].when);
    const auto found = std::find(conditions.begin(), conditions.end(), when);
    const auto group = static_cast<std::size_t>(found - conditions.begin());
    if (found == conditions.end()) {
      conditions.push_back(when);
      axes.emplace_back();
    }
    axes[group].push_back(axis);
  }
  if (axes.empty()) axes.emplace_back();
  std::vector<Group> groups;
  for (auto& one : axes) groups.push_back(group_over(cube, std::move(one)));
  return groups;
}

}  // namespace hpo
