// Philox-4x32-10: ten rounds of multiply, exchange and xor. Constants from Salmon et al. 2011.
#include "strategies/random_bits.hpp"

namespace hpo {
namespace {

constexpr int rounds = 10;
constexpr std::uint64_t multiplier_0 = 0xD2511F53U;
constexpr std::uint64_t multiplier_1 = 0xCD9E8D57U;
constexpr std::uint32_t weyl_0 = 0x9E3779B9U;  // golden ratio
constexpr std::uint32_t weyl_1 = 0xBB67AE85U;  // sqrt(3) - 1

constexpr std::uint32_t low(std::uint64_t x) { return static_cast<std::uint32_t>(x); }
constexpr std::uint32_t high(std::uint64_t x) { return static_cast<std::uint32_t>(x >> 32U); }

}  // namespace

std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter,
                                    std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < rounds; ++round) {
    const std::uint64_t a = multiplier_0 * counter[0];
    const std::uint64_t b = multiplier_1 * counter[2];
    counter = {high(b) ^ counter[1] ^ key[0], low(b), high(a) ^ counter[3] ^ key[1], low(a)};
    key[0] += weyl_0;
    key[1] += weyl_1;
  }
  return counter;
}

std::uint64_t random_bits(const BitAddress& at) {
  const auto stream = static_cast<std::uint32_t>(at.stream);
  const auto block = philox({at.index, stream, low(at.trial), high(at.trial)},
                            {low(at.seed), high(at.seed)});
  return (static_cast<std::uint64_t>(block[1]) << 32U) | block[0];
}

double random_unit(const BitAddress& address) { return unit_from_bits(random_bits(address)); }

}  // namespace hpo
