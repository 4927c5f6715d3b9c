// A uniform point of the unit cube, by address. Pure function, any thread.
#pragma once

#include <vector>

#include "strategies/random_bits.hpp"

namespace hpo {

struct PointAddress {
  std::uint64_t seed = 0;  // the study's
  int trial = 0;
  Stream stream = Stream::values;
  int round = 0;  // another point for the same trial
};

inline std::vector<double> random_point(std::size_t dimension, const PointAddress& at) {
  std::vector<double> point(dimension);
  const std::uint64_t first = static_cast<std::uint64_t>(at.round) * dimension;
  for (std::size_t i = 0; i < dimension; ++i) {
    point[i] = random_unit({.seed = at.seed, .trial = static_cast<std::uint64_t>(at.trial),
                            .stream = at.stream, .index = static_cast<std::uint32_t>(first + i)});
  }
  return point;
}

}  // namespace hpo
