// The Sobol sequence with Owen's nested scrambling, by index: any point without its predecessors.
//
// Sobol (1967), direction numbers of Joe and Kuo (2008). Owen (1995) permutes the digits of a
// coordinate one by one, each by the digits before it, so that every elementary interval keeps
// its share of points; as in Laine and Karras (2011) and Burley (2020) the permutations are a
// hash of those digits instead of a stored tree, but bit by bit, so that the scrambling is
// exactly Owen's. 0.1 µs per coordinate. Immutable, any thread.
#pragma once

#include <cstdint>
#include <vector>

namespace hpo {

class SobolSequence {
 public:
  static constexpr int bits = 32;                    // points before the sequence repeats: 2^32
  static constexpr std::size_t dimension_max = 512;  // SearchSpace::parameters_max

  // REQUIRES: dimension <= dimension_max. The seed decides the scrambling.
  SobolSequence(std::size_t dimension, std::uint64_t seed);

  std::size_t dimension() const { return axes_.size(); }

  // Coordinates in [0, 1) of the point.
  std::vector<double> point(std::uint32_t index) const;

  // One coordinate as a binary fraction: bit 31 is worth 1/2.
  std::uint32_t unscrambled(std::uint32_t index, std::size_t axis) const;

 private:
  struct Axis {
    std::uint64_t key = 0;          // of the scrambling
    std::uint32_t directions[bits]{};  // directions[k] belongs to bit k of the index
  };
  std::vector<Axis> axes_{};
};

// Owen's scrambling of a 32-bit fraction, continued to 53 bits with random ones: in [0, 1).
double owen_scrambled(std::uint32_t fraction, std::uint64_t key);

}  // namespace hpo
