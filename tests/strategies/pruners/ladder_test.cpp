// Rungs and the sizes of brackets.
#include "strategies/pruners/ladder.hpp"

#include <catch2/catch.hpp>

namespace hpo::pruning {
namespace {

FidelitySpec fidelity(std::int64_t min, std::int64_t max, double eta) {
  return {.name = "epochs", .min = min, .max = max, .eta = eta};
}

using Steps = std::vector<std::int64_t>;
using Sizes = std::vector<double>;

}  // namespace

TEST_CASE("rungs are powers of eta below max", "[pruner]") {
  CHECK(rung_steps(fidelity(1, 81, 3)) == Steps{1, 3, 9, 27});
  CHECK(rung_steps(fidelity(1, 82, 3)) == Steps{1, 3, 9, 27, 81});
  CHECK(rung_steps(fidelity(5, 20, 3)) == Steps{5, 15});
  CHECK(rung_steps(fidelity(3, 20, 2.5)) == Steps{3, 8, 19});  // 7.5 and 18.75, rounded
  CHECK(rung_steps(fidelity(1, 2, 100)) == Steps{1});
  CHECK(rung_steps(fidelity(1, fidelity_steps_max, 2)).size() == 30);
}

TEST_CASE("brackets have the sizes of the paper's table 1", "[pruner]") {
  CHECK(bracket_sizes(fidelity(1, 81, 3)) == Sizes{81, 34, 15, 8, 5});
  CHECK(bracket_sizes(fidelity(1, 80, 3)) == Sizes{27, 12, 6, 4});
  CHECK(bracket_sizes(fidelity(4, 7, 2)) == Sizes{1});
}

}  // namespace hpo::pruning
