// The signed-rank test against SciPy: see wilcoxon_reference.py.
#include "strategies/pruners/signed_rank.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "strategies/random_bits.hpp"

namespace hpo::pruning {
namespace {

double p_greater(const std::vector<double>& differences) {
  SignedRank ranks;
  for (const double difference : differences) ranks.add(difference);
  return ranks.p_greater();
}

// As in the script.
std::vector<double> formula(int n, int modulus, int shift) {
  std::vector<double> differences;
  for (int i = 1; i <= n; ++i) {
    differences.push_back((7 * i * i + 3 * i) % modulus - shift + i / 1024.0);
  }
  return differences;
}

}  // namespace

TEST_CASE("p-values of few differences are SciPy's", "[pruner]") {
  const auto [differences, expected] = GENERATE(table<std::vector<double>, double>({
      {{1.5}, 0.5}, {{1, 2, 3, 4, 5, 6, 7}, 0.0078125},
      {{3, -1, 4, 1.5, -5, 9, 2, 6}, 0.07421875}, {{1, 1, -1, 2, 2, -3}, 0.297538247811974},
      {{0, 0, 1, -2, 3}, 0.293968373086783}, {{0, 1, 2, 3}, 0.0501741232311454},
      {{0, 0, 0, 0}, 0.5}, {{-1, -2, -3, 0.5}, 0.9375}}));
  CHECK(p_greater(differences) == Approx(expected).epsilon(1e-12));
}

TEST_CASE("p-values of many differences are SciPy's, exact up to 50", "[pruner]") {
  CHECK(p_greater(formula(50, 101, 40)) == Approx(0.0971383502676604).epsilon(1e-12));
  CHECK(p_greater(formula(51, 101, 40)) == Approx(0.0668389779284906).epsilon(1e-12));
  CHECK(p_greater(formula(400, 101, 48)) == Approx(0.621184243609521).epsilon(1e-12));
  std::vector<double> ties = formula(60, 11, 5);
  for (double& tie : ties) tie = std::trunc(tie);
  CHECK(p_greater(ties) == Approx(0.804553289679059).epsilon(1e-12));
}

TEST_CASE("no differences tell nothing", "[pruner]") { CHECK(p_greater({}) == 1.0); }

TEST_CASE("the order of differences does not matter, not in a bit", "[pruner]") {
  std::vector<double> differences;
  for (std::uint64_t i = 0; i < 200; ++i) {
    differences.push_back(static_cast<double>(mix(i) % 41) / 8.0 - 2.0);
  }
  const double forward = p_greater(differences);
  std::reverse(differences.begin(), differences.end());
  CHECK(p_greater(differences) == forward);
}

}  // namespace hpo::pruning
