// The two heaps.
#include "strategies/pruners/lowest.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <limits>

#include "strategies/random_bits.hpp"

namespace hpo::pruning {

TEST_CASE("the lowest numbers are those that sorting finds, for any growth of their count",
          "[pruner]") {
  for (const std::size_t every : {1U, 2U, 3U, 7U}) {
    Lowest lowest;
    std::vector<double> all;
    for (std::uint64_t i = 0; i < 500; ++i) {
      const auto number = static_cast<double>(mix(i * every) % 50);  // many ties
      all.push_back(number);
      std::sort(all.begin(), all.end());
      const std::size_t count = i / every + 1;
      lowest.add(number, count);
      REQUIRE(lowest.size() == all.size());
      REQUIRE(lowest.low_max() == all[count - 1]);
      if (count < all.size()) REQUIRE(lowest.high_min() == all[count]);
    }
  }
}

TEST_CASE("without others the least of them is infinite", "[pruner]") {
  Lowest lowest;
  lowest.add(2.0, 1);
  CHECK(lowest.low_max() == 2.0);
  CHECK(lowest.high_min() == std::numeric_limits<double>::infinity());
}

}  // namespace hpo::pruning
