// When a run is over.
#include "strategies/cma/stop.hpp"

#include <catch2/catch.hpp>

namespace hpo {

TEST_CASE("values that stay the same end a run, once they have done so long enough", "[cma]") {
  CmaStagnation stagnation(5, 8);  // 10 + 150 / 8 = 29 generations
  stagnation.add(3.0, 9.0);
  for (int generation = 0; generation < 28; ++generation) {
    stagnation.add(1.0, 1.0);
    CHECK_FALSE(stagnation.is_over());
  }
  stagnation.add(1.0, 1.0 + 1e-13);
  CHECK(stagnation.is_over());
  stagnation.add(1.0, 1.1);
  CHECK_FALSE(stagnation.is_over());
}

TEST_CASE("an objective that is tiny everywhere is not stagnating", "[cma]") {
  CmaStagnation stagnation(1, 30);
  stagnation.add(0.0, 1e-15);
  for (int i = 0; i < 40; ++i) stagnation.add(0.0, 1e-15 / (2 + i));
  CHECK_FALSE(stagnation.is_over());
}

TEST_CASE("a constant objective is stagnating", "[cma]") {
  CmaStagnation stagnation(1, 30);
  for (int generation = 0; generation < 11; ++generation) stagnation.add(7.0, 7.0);
  CHECK(stagnation.is_over());
}

TEST_CASE("a distribution without width, or thinner than numbers are, is degenerate", "[cma]") {
  CHECK_FALSE(is_degenerate(CmaGaussian(cma_round_shape({0.5, 0.3}, 0.2), 6), 0.2, 0));
  CHECK(is_degenerate(CmaGaussian(cma_round_shape({0.5, 0.3}, 1e-14), 6), 0.2, 0));
  CHECK(is_degenerate(CmaGaussian(cma_round_shape({1e9, 0.3}, 1e-8), 6), 1e-8, 0));  // rounding
  CmaShape thin = cma_round_shape({0.5, 0.3}, 0.2);
  thin.covariance = CmaCovariance(2, false, std::vector{1.0, 0.0, 0.0, 1e-15});
  CHECK(is_degenerate(CmaGaussian(thin, 6), 0.2, 0));
}

}  // namespace hpo
