// Sorted indices.
#include "strategies/radix_order.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <numeric>

#include "strategies/random_bits.hpp"

namespace hpo {

TEST_CASE("indices come in the order of a stable sort", "[radix_order]") {
  const auto [count, values] = GENERATE(table<int, int>({{0, 1}, {1, 1}, {2, 1}, {500, 3},
                                                         {3000, 1 << 30}}));
  std::vector<double> numbers;
  for (int i = 0; i < count; ++i) {
    const double u = random_unit({.trial = static_cast<std::uint64_t>(i)});
    numbers.push_back(values > 3 ? u * 1e-300 : static_cast<double>(static_cast<int>(u * values)));
  }
  if (count > 500) numbers[7] = 1e300;
  std::vector<std::uint32_t> wanted(numbers.size());
  std::iota(wanted.begin(), wanted.end(), 0U);
  std::stable_sort(wanted.begin(), wanted.end(),
                   [&](auto a, auto b) { return numbers[a] < numbers[b]; });
  CHECK(radix_order(numbers) == wanted);
}

}  // namespace hpo
