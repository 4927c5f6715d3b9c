// The invariants I1 to I13 and I16, checked on the database that a history left.
//
// Some are seen at once, where they would be broken: I3, I4 and I10's ceilings in the world, I12
// in the store's decorator, I13's answers in the client, I16's inbox in the simulation.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/simulation/client.hpp"
#include "tests/simulation/sim_world.hpp"

namespace hpo::sim {

struct Evidence {
  std::string database{};
  const Client& client;
  const World& world;
};

// Adds a sentence for each broken invariant; counts the kinds of events and transitions.
void verify(const Evidence& evidence, std::vector<std::string>& violations,
            std::map<std::string, int>& counts);

}  // namespace hpo::sim
