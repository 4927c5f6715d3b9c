// Rungs, and when a trial reaches them.
#include "schema/rungs.hpp"

#include <catch2/catch.hpp>

using namespace hpo;

namespace {

FidelitySpec fidelity(std::int64_t min, std::int64_t max, double eta) {
  return {.name = "epochs", .min = min, .max = max, .eta = eta};
}

using Steps = std::vector<std::int64_t>;

}  // namespace

TEST_CASE("rungs are powers of eta below max", "[rungs]") {
  CHECK(rung_steps(fidelity(1, 81, 3)) == Steps{1, 3, 9, 27});
  CHECK(rung_steps(fidelity(1, 82, 3)) == Steps{1, 3, 9, 27, 81});
  CHECK(rung_steps(fidelity(5, 20, 3)) == Steps{5, 15});
  CHECK(rung_steps(fidelity(3, 20, 2.5)) == Steps{3, 8, 19});  // 7.5 and 18.75, rounded
  CHECK(rung_steps(fidelity(1, 2, 100)) == Steps{1});
  CHECK(rung_steps(fidelity(1, fidelity_steps_max, 2)).size() == 30);
}

TEST_CASE("brackets begin at powers of eta, max included", "[rungs]") {
  CHECK(bracket_count(fidelity(1, 81, 3)) == 5);
  CHECK(bracket_count(fidelity(1, 80, 3)) == 4);
  CHECK(bracket_count(fidelity(30, 81, 3)) == 1);
  CHECK(bracket_count(fidelity(1, fidelity_steps_max, 2)) == 30);
}

TEST_CASE("a rung is reached once, by the first step at it or beyond", "[rungs]") {
  const Steps steps{1, 3, 9};
  const auto [last, step, expected] = GENERATE(table<std::int64_t, std::int64_t, RungRange>({
      {-1, 0, {0, 0}}, {-1, 1, {0, 1}}, {0, 1, {0, 1}}, {1, 2, {1, 1}}, {2, 4, {1, 2}},
      {-1, 100, {0, 3}}, {4, 9, {2, 3}}, {9, 10, {3, 3}}, {9, 3, {3, 3}}, {4, 1, {2, 2}}}));
  CHECK(rungs_reached(steps, last, step) == expected);
}
