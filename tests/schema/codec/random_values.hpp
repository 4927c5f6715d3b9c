// Random spaces, values and text for round trips. Deterministic by seed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "schema/search_space.hpp"

namespace hpo::test {

class RandomValues {
 public:
  explicit RandomValues(std::uint64_t seed) : random_(seed) {}

  std::size_t below(std::size_t count) { return random_() % count; }
  bool coin() { return below(2) == 0; }
  int integer(int low, int high) {
    return low + static_cast<int>(below(static_cast<std::size_t>(high - low + 1)));
  }
  double number() { return static_cast<double>(random_() >> 11U) * 0x1p-53; }
  std::uint64_t word() { return random_(); }

  // Legal text with whatever needs an escape.
  std::string text();

  const ParamValue& any_of(const std::vector<ParamValue>& list) {
    return list[below(list.size())];
  }

  ParamValue scalar();
  Domain domain();
  // Of the values that the parent may have, one or more.
  Condition condition(const Parameter& parent);
  SearchSpace space();
  // With a constraint or two, if there are numbers for them and values that fulfil them.
  SearchSpace constrained_space();
  ParamValue value(const Domain& domain);
  Values values(const SearchSpace& space);  // as a trial has them

 private:
  std::mt19937_64 random_;
};

}  // namespace hpo::test
