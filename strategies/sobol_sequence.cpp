// Direction numbers from the table, then one exclusive-or per set bit of the index.
#include "strategies/sobol_sequence.hpp"

#include <bit>

#include "schema/assert.hpp"
#include "schema/search_space.hpp"
#include "strategies/random_bits.hpp"

namespace hpo {
namespace {

constexpr int bits = SobolSequence::bits;
constexpr int degree_max = 13;  // of a polynomial in the table

struct DirectionRow {
  std::uint32_t polynomial = 1;
  std::uint32_t initial[degree_max]{};
};

constexpr DirectionRow table[] = {
#include "strategies/sobol_directions.inc"
};
static_assert(std::size(table) == SobolSequence::dimension_max - 1);
static_assert(SobolSequence::dimension_max >= SearchSpace::parameters_max);

// m_i of coordinate 0 is 1 for all i.
void fill_van_der_corput(std::uint32_t* directions) {
  for (int k = 0; k < bits; ++k) directions[k] = std::uint32_t{1} << (bits - 1 - k);
}

// v_i = v_{i-s} ^ (v_{i-s} >> s) ^ a_1 v_{i-1} ^ … ^ a_{s-1} v_{i-s+1}; Joe and Kuo 2008, eq. 2.
void fill(const DirectionRow& row, std::uint32_t* directions) {
  const int degree = static_cast<int>(std::bit_width(row.polynomial)) - 1;
  for (int k = 0; k < bits; ++k) {
    if (k < degree) {
      directions[k] = row.initial[k] << (bits - 1 - k);
      continue;
    }
    std::uint32_t v = directions[k - degree] ^ (directions[k - degree] >> degree);
    for (int j = 1; j < degree; ++j) {
      const bool is_in_polynomial = ((row.polynomial >> (degree - j)) & 1U) != 0;
      if (is_in_polynomial) v ^= directions[k - j];
    }
    directions[k] = v;
  }
}

}  // namespace

SobolSequence::SobolSequence(std::size_t dimension, std::uint64_t seed) : axes_(dimension) {
  HPO_ASSERT(dimension <= dimension_max, "SearchSpace::make limits the number of parameters");
  for (std::size_t i = 0; i < dimension; ++i) {
    axes_[i].key = random_bits({.seed = seed, .trial = 0, .stream = Stream::scramble,
                                .index = static_cast<std::uint32_t>(i)});
    if (i == 0) fill_van_der_corput(axes_[i].directions);
    else fill(table[i - 1], axes_[i].directions);
  }
}

std::uint32_t SobolSequence::unscrambled(std::uint32_t index, std::size_t axis) const {
  std::uint32_t fraction = 0;
  for (std::uint32_t rest = index; rest != 0; rest &= rest - 1) {
    fraction ^= axes_[axis].directions[std::countr_zero(rest)];
  }
  return fraction;
}

std::vector<double> SobolSequence::point(std::uint32_t index) const {
  std::vector<double> coordinates;
  coordinates.reserve(axes_.size());
  for (std::size_t i = 0; i < axes_.size(); ++i) {
    coordinates.push_back(owen_scrambled(unscrambled(index, i), axes_[i].key));
  }
  return coordinates;
}

double owen_scrambled(std::uint32_t fraction, std::uint64_t key) {
  // A node of the binary tree is the digits before, behind a leading 1.
  std::uint64_t node = 1;
  std::uint64_t scrambled = 0;
  for (int bit = bits - 1; bit >= 0; --bit) {
    const std::uint64_t digit = (fraction >> bit) & 1U;
    const std::uint64_t flip = mix(key ^ node) >> 63U;
    scrambled = (scrambled << 1U) | (digit ^ flip);
    node = (node << 1U) | digit;
  }
  // Digits behind the 32nd are zeros of the sequence, so their scrambling is random bits.
  return unit_from_bits((scrambled << 32U) | (mix(key ^ node) >> 32U));
}

}  // namespace hpo
