// Generations of CMA-ES against cma_reference.py, and what injection may do.
#include "strategies/cma/gaussian.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "tests/strategies/cma/fraction.hpp"

namespace hpo {
namespace {

constexpr std::size_t axes = 3;
constexpr std::size_t ranks = 7;

// Three generations of the population in cma_reference.py; a result of the second one is far away.
CmaGaussian after_three_generations(bool is_diagonal) {
  CmaShape start = cma_round_shape({0.2, 0.5, 0.7}, 0.3);
  start.covariance = CmaCovariance(axes, is_diagonal);
  CmaGaussian gaussian(start, ranks);
  for (std::size_t generation = 0; generation < 3; ++generation) {
    std::vector<std::vector<double>> xs(ranks, std::vector<double>(axes));
    std::vector<CmaResult> ranked;
    for (std::size_t k = 0; k < ranks; ++k) {
      const bool is_far = generation == 1 && k == 2;
      for (std::size_t i = 0; i < axes; ++i) {
        xs[k][i] = fraction((generation * ranks + k) * axes + i + 1) + (is_far ? 5.0 : 0.0);
      }
      ranked.push_back({xs[k], is_far});
    }
    gaussian.update(ranked);
  }
  return gaussian;
}

void check(const std::vector<double>& found, const std::vector<double>& wanted) {
  REQUIRE(found.size() == wanted.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    CHECK(found[i] == Approx(wanted[i]).epsilon(1e-10).margin(1e-12));
  }
}

std::vector<double> entries(const CmaCovariance& c) {
  return {c.variance(0), c.variance(1), c.variance(2), c.covariance(0, 1), c.covariance(0, 2),
          c.covariance(1, 2)};
}

}  // namespace

TEST_CASE("three generations are those of cma_reference.py", "[cma]") {
  const CmaGaussian gaussian = after_three_generations(false);
  check(gaussian.shape().mean, {0.497276622533, 0.236842951518, 0.733344600033});
  check({gaussian.shape().sigma}, {0.237589912006});
  check(entries(gaussian.shape().covariance),
        {0.927011965401, 1.08150227586, 0.538892470645, -0.259732353253, 0.0381202068119,
         -0.00465962519782});
  check(gaussian.path(), {-0.0761205937159, -0.303575915932, -0.306893776572});
  check(gaussian.step_path(), {0.162675628316, -0.451048464718, -0.269698694139});
}

TEST_CASE("three generations with a diagonal matrix are those of cma_reference.py", "[cma]") {
  const CmaGaussian gaussian = after_three_generations(true);
  check({gaussian.shape().sigma}, {0.240183929708});
  check(entries(gaussian.shape().covariance),
        {0.902649283624, 1.14089780266, 0.299036318255, 0.0, 0.0, 0.0});
  check(gaussian.path(), {-0.0795690777454, -0.310425463366, -0.310342260602});
  check(gaussian.step_path(), {0.170906335012, -0.419805123401, -0.364185108777});
}

TEST_CASE("an injected result moves the mean no farther than a likely draw would", "[cma]") {
  CmaGaussian gaussian(cma_round_shape({0.5, 0.5}, 0.1), 6);
  const std::vector<double> far{1e6, 0.5};
  const std::vector<double> here{0.5, 0.5};
  std::vector<CmaResult> ranked(6, CmaResult{here, false});
  ranked[0] = {far, true};
  gaussian.update(ranked);
  const double longest = std::sqrt(2.0) + 1.0;  // c_y in two dimensions
  CHECK(gaussian.shape().mean[0] - 0.5 == Approx(0.1 * longest * gaussian.rates().weights[0]));
}

TEST_CASE("above 50 dimensions the matrix is diagonal", "[cma]") {
  CHECK_FALSE(cma_round_shape(std::vector<double>(50, 0.5), 0.1).covariance.is_diagonal());
  CHECK(cma_round_shape(std::vector<double>(51, 0.5), 0.1).covariance.is_diagonal());
}

}  // namespace hpo
