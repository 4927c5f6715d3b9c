// The values of a domain, numbered 0 … last_index: how many there are, which one comes k-th.
//
// Every domain is finite: a float without a step has as many values as there are doubles in it.
// Pure functions, any thread.
#pragma once

#include <cstdint>

#include "schema/search_space.hpp"

namespace hpo {

// One less than the number of values.
std::uint64_t last_index(const Domain& domain);

// REQUIRES: contains(domain, value). A stepped float counts as the nearest of its values, so that
// a user's 0.3 equals our 3 × 0.1.
std::uint64_t index_of(const Domain& domain, const ParamValue& value);

// REQUIRES: index <= last_index(domain)
ParamValue value_at(const Domain& domain, std::uint64_t index);

// A continuous domain is one that coordinates cover smoothly; all others have cells.
bool is_continuous(const Domain& domain);

}  // namespace hpo
