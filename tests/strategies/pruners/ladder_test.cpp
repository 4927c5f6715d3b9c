// The sizes of brackets.
#include "strategies/pruners/ladder.hpp"

#include <catch2/catch.hpp>

namespace hpo::pruning {
namespace {

FidelitySpec fidelity(std::int64_t min, std::int64_t max, double eta) {
  return {.name = "epochs", .min = min, .max = max, .eta = eta};
}

using Sizes = std::vector<double>;

}  // namespace

TEST_CASE("brackets have the sizes of the paper's table 1", "[pruner]") {
  CHECK(bracket_sizes(fidelity(1, 81, 3)) == Sizes{81, 34, 15, 8, 5});
  CHECK(bracket_sizes(fidelity(1, 80, 3)) == Sizes{27, 12, 6, 4});
  CHECK(bracket_sizes(fidelity(4, 7, 2)) == Sizes{1});
}

}  // namespace hpo::pruning
