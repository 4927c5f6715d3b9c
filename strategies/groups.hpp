// The axes of a space that are always active together: parameters with the same conditions.
//
// What TPE calls the groups of a decomposed space: each has a density of its own, over the trials
// in which it is active. A space without conditions is one group. Pure function, any thread.
#pragma once

#include <vector>

#include "strategies/unit_cube.hpp"

namespace hpo {

struct Group {
  UnitCube cube;                     // over the group's parameters alone
  std::vector<std::size_t> axes{};   // of the whole cube; as many as cube.dimension()
};

// Every axis of the cube is in exactly one group. A cube without axes has one empty group.
std::vector<Group> groups_of(const UnitCube& cube);

}  // namespace hpo
