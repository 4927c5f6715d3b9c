// The covariance matrix and its roots.
#include "strategies/cma/covariance.hpp"

#include <catch2/catch.hpp>
#include <cmath>

namespace hpo {
namespace {

const std::vector<double> sample_matrix{4.0, 1.0, 0.5, 1.0, 3.0, -1.0, 0.5, -1.0, 2.0};

}  // namespace

TEST_CASE("colouring the axes one by one gives back the matrix", "[cma]") {
  const CmaCovariance c(3, false, sample_matrix);
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) {
      double sum = 0.0;  // (B D) (B D)'
      for (std::size_t k = 0; k < 3; ++k) {
        std::vector<double> unit(3, 0.0);
        unit[k] = 1.0;
        const std::vector<double> y = c.coloured(unit);
        sum += y[i] * y[j];
      }
      CHECK(sum == Approx(sample_matrix[3 * i + j]).margin(1e-13));
      CHECK(c.covariance(i, j) == sample_matrix[3 * i + j]);
    }
  }
}

TEST_CASE("the distance of a coloured vector is its length before", "[cma]") {
  for (const bool is_diagonal : {false, true}) {
    const CmaCovariance c(3, is_diagonal, sample_matrix);
    CHECK(c.distance(c.coloured(std::vector{0.6, 0.0, 0.8})) == Approx(1.0));
    CHECK(c.distance(c.coloured(std::vector{1.0, -2.0, 2.0})) == Approx(3.0));
  }
}

TEST_CASE("an update is the sum that it says, and a diagonal one forgets what is off it", "[cma]") {
  CmaCovariance whole(3, false, sample_matrix);
  CmaCovariance diagonal(3, true, sample_matrix);
  const std::vector<double> factors{0.5, -0.1};
  const std::vector<double> ys{1.0, 2.0, 3.0, 0.0, 1.0, -1.0};
  whole.update(0.9, factors, ys);
  diagonal.update(0.9, factors, ys);
  CHECK(whole.covariance(0, 1) == Approx(0.9 + 0.5 * 2.0));
  CHECK(whole.covariance(1, 2) == Approx(-0.9 + 0.5 * 6.0 + 0.1));
  CHECK(whole.variance(1) == Approx(2.7 + 2.0 - 0.1));
  CHECK(diagonal.variance(1) == Approx(2.7 + 2.0 - 0.1));
  CHECK(diagonal.covariance(0, 1) == 0.0);
}

TEST_CASE("condition and longest axis are those of the matrix", "[cma]") {
  const CmaCovariance c(3, true, std::vector{4.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.25});
  CHECK(c.longest() == 2.0);
  CHECK(c.condition() == Approx(16.0));
  CHECK(c.axis(2)[2] == 0.5);
}

TEST_CASE("a matrix that rounding made indefinite still has a root", "[cma]") {
  const CmaCovariance c(2, false, std::vector{1.0, 1.0 + 1e-12, 1.0 + 1e-12, 1.0});
  for (const double y : c.whitened(std::vector{1.0, -1.0})) CHECK(std::isfinite(y));
}

}  // namespace hpo
