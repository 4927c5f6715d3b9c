// Where a run starts that knows earlier trials, against cma_reference.py.
#include "strategies/cma/warm_start.hpp"

#include <catch2/catch.hpp>

#include "tests/strategies/cma/fraction.hpp"

namespace hpo {

TEST_CASE("a warm start has the moments of cma_reference.py", "[cma]") {
  std::vector<std::vector<double>> best(4, std::vector<double>(3));
  for (std::size_t k = 0; k < 4; ++k) {
    for (std::size_t i = 0; i < 3; ++i) best[k][i] = fraction(3 * k + i + 1);
  }
  const CmaShape shape = cma_warm_shape(best);
  CHECK(shape.mean[0] == Approx(0.399186938124).epsilon(1e-11));
  CHECK(shape.mean[2] == Approx(0.635254915624).epsilon(1e-11));
  CHECK(shape.sigma == Approx(0.189289631334).epsilon(1e-10));
  CHECK(shape.covariance.variance(0) == Approx(1.02169183754).epsilon(1e-10));
  CHECK(shape.covariance.covariance(0, 1) == Approx(-1.29334332761).epsilon(1e-10));
}

TEST_CASE("one earlier trial is a small ball around it", "[cma]") {
  const CmaShape shape = cma_warm_shape(std::vector<std::vector<double>>{{0.3, 0.8}});
  CHECK(shape.mean == std::vector{0.3, 0.8});
  CHECK(shape.sigma == Approx(0.1));
  CHECK(shape.covariance.variance(0) == Approx(1.0));
}

TEST_CASE("above 50 dimensions it is diagonal", "[cma]") {
  const CmaShape shape = cma_warm_shape(std::vector(3, std::vector<double>(80, 0.5)));
  CHECK(shape.covariance.is_diagonal());
  CHECK(shape.sigma == Approx(0.1));
}

}  // namespace hpo
