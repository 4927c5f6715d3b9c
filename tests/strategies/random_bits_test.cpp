// Random bits: the published vectors of Philox, our own pins, and a look at the statistics.
#include "strategies/random_bits.hpp"

#include <bit>
#include <cmath>

#include <catch2/catch.hpp>

#include "strategies/random_point.hpp"

namespace hpo {

using Block = std::array<std::uint32_t, 4>;

TEST_CASE("Philox-4x32-10 gives the vectors that its authors published", "[random_bits]") {
  constexpr std::uint32_t ones = 0xffffffffU;
  CHECK(philox({0, 0, 0, 0}, {0, 0}) ==
        Block{0x6627e8d5U, 0xe169c58dU, 0xbc57ac4cU, 0x9b00dbd8U});
  CHECK(philox({ones, ones, ones, ones}, {ones, ones}) ==
        Block{0x408f276dU, 0x41c83b0eU, 0xa20bc7c6U, 0x6d5451fdU});
  CHECK(philox({0x243f6a88U, 0x85a308d3U, 0x13198a2eU, 0x03707344U}, {0xa4093822U, 0x299f31d0U}) ==
        Block{0xd16cfe09U, 0x94fdccebU, 0x5001e420U, 0x24126ea1U});
}

TEST_CASE("an address gives the same bits for ever, because stored studies replay",
          "[random_bits]") {
  CHECK(random_bits({}) == 0xe169c58d6627e8d5U);
  CHECK(random_bits({.seed = 1, .trial = 2, .stream = Stream::redraw, .index = 3}) ==
        0xc289d58f14d501ffU);
  CHECK(random_unit({.seed = 42, .trial = 17}) == 0x1.22540e9477b00p-4);
}

TEST_CASE("each part of an address changes the bits", "[random_bits]") {
  const auto base = random_bits({});
  CHECK(random_bits({.seed = 1}) != base);
  CHECK(random_bits({.seed = std::uint64_t{1} << 32U}) != base);
  CHECK(random_bits({.trial = 1}) != base);
  CHECK(random_bits({.trial = std::uint64_t{1} << 32U}) != base);
  CHECK(random_bits({.stream = Stream::scramble}) != base);
  CHECK(random_bits({.index = 1}) != base);
}

TEST_CASE("bits become numbers in [0, 1), never 1", "[random_bits]") {
  CHECK(unit_from_bits(0) == 0.0);
  CHECK(unit_from_bits(~std::uint64_t{0}) == 1.0 - 0x1.0p-53);
}

// Mean and variance within five standard errors, and each bit set half of the time.
void check_uniform(const std::vector<std::uint64_t>& draws) {
  const auto n = static_cast<double>(draws.size());
  double sum = 0.0;
  double squares = 0.0;
  std::array<int, 64> set{};
  for (const std::uint64_t bits : draws) {
    const double u = unit_from_bits(bits);
    sum += u;
    squares += (u - 0.5) * (u - 0.5);
    for (std::size_t bit = 0; bit < 64; ++bit) set[bit] += (bits >> bit) & 1U ? 1 : 0;
  }
  CHECK(std::abs(sum / n - 0.5) < 5.0 * std::sqrt(1.0 / 12.0 / n));
  CHECK(std::abs(squares / n - 1.0 / 12.0) < 5.0 * std::sqrt(1.0 / 180.0 / n));
  for (const int count : set) CHECK(std::abs(count - 0.5 * n) < 5.0 * std::sqrt(0.25 * n));
}

TEST_CASE("bits are uniform along trials, along coordinates and along seeds", "[random_bits]") {
  std::vector<std::uint64_t> by_trial;
  std::vector<std::uint64_t> by_index;
  std::vector<std::uint64_t> by_seed;
  for (std::uint32_t i = 0; i < 100'000; ++i) {
    by_trial.push_back(random_bits({.seed = 3, .trial = i}));
    by_index.push_back(random_bits({.seed = 3, .index = i}));
    by_seed.push_back(random_bits({.seed = i, .trial = 3}));
  }
  check_uniform(by_trial);
  check_uniform(by_index);
  check_uniform(by_seed);
}

TEST_CASE("a point's rounds do not share coordinates", "[random_bits]") {
  const auto first = random_point(3, {.seed = 1, .trial = 5});
  const auto second = random_point(3, {.seed = 1, .trial = 5, .round = 1});
  CHECK(first.size() == 3);
  for (const double u : second) CHECK(std::find(first.begin(), first.end(), u) == first.end());
  CHECK(first == random_point(3, {.seed = 1, .trial = 5}));
}

}  // namespace hpo
