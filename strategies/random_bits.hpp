// Random bits by address: the same (seed, trial, stream, index) gives the same bits, for ever.
//
// Why no generator object: a study must replay, and a proposal must not depend on how many were
// drawn before it. So there is no state; an address names each number. The bits come from
// Philox-4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"). Not
// std::uniform_real_distribution: its output differs between standard libraries. Any thread.
#pragma once

#include <array>
#include <cstdint>

namespace hpo {

// What a number is for. Two uses never share a stream, else they would be correlated.
// Append only: the numbers are part of every stored study.
enum class Stream : std::uint32_t {
  values = 0,       // a trial's coordinates; index = coordinate
  scramble = 1,     // of a quasi-random sequence; trial 0, index = coordinate
  redraw = 2,       // instead of values that were tried before; index = round and coordinate
  enumeration = 3,  // where to look for a value that is left
  candidates = 4,   // of which the best is proposed; index = candidate and coordinate
  near_good = 5,    // steps from good points; index = step, and coordinates twice
  decisions = 6,    // between ways to choose
  moved = 7,        // which coordinates of a candidate move; index = candidate and coordinate
  population = 8,   // a trial's draw from an evolving distribution; index = coordinate
  restart = 9,      // where a run starts; trial = run, index = coordinate
  allowed = 10,     // instead of values that a constraint forbids; index = round and coordinate
  bracket = 11,     // which of Hyperband's brackets a trial belongs to
};

struct BitAddress {
  std::uint64_t seed = 0;   // the study's
  std::uint64_t trial = 0;  // its number
  Stream stream = Stream::values;
  std::uint32_t index = 0;
};

// The block function itself: 128 bits from a 128-bit counter and a 64-bit key.
std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter,
                                    std::array<std::uint32_t, 2> key);

std::uint64_t random_bits(const BitAddress& address);

// Uniform in [0, 1): one of the 2^53 multiples of 2^-53.
double random_unit(const BitAddress& address);

// The top 53 bits as a number in [0, 1).
constexpr double unit_from_bits(std::uint64_t bits) {
  return static_cast<double>(bits >> 11U) * 0x1.0p-53;
}

// A bijection whose output bits each depend on all input bits: SplitMix64's step (Steele et al.
// 2014). Cheaper than Philox; for hashing, not for drawing.
constexpr std::uint64_t mix(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15U;
  x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31U);
}

}  // namespace hpo
