// The invariants I1 to I13 and I16 (design §10), checked on the database that a history left.
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
  World& world;
  int parallel = 1;
};

// Adds a sentence for each broken invariant; counts the kinds of events and transitions.
void verify(const Evidence& evidence, std::vector<std::string>& violations,
            std::map<std::string, int>& counts);

}  // namespace hpo::sim
