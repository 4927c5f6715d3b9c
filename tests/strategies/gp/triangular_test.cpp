// Inverses by halves against Eigen's own, at sizes around those at which halves are cut.
#include "strategies/gp/triangular.hpp"

#include <Eigen/Cholesky>
#include <catch2/catch.hpp>

namespace hpo::gp {

TEST_CASE("a factor's inverse and its square are those of the matrix", "[gp]") {
  for (const Index n : {1, 2, 31, 32, 33, 67, 128, 201}) {
    Table a(n, n);
    for (Index i = 0; i < n; ++i) {
      for (Index j = 0; j < n; ++j) {
        const auto distance = static_cast<double>((i - j) * (i - j));
        a(i, j) = 1.0 / (1.0 + distance) + (i == j ? 0.5 : 0.0);
      }
    }
    Table lower = Eigen::LLT<Table>(a).matrixL();
    lower.triangularView<Eigen::StrictlyUpper>().setConstant(1e9);  // must not be read
    invert_lower(lower);
    square_lower(lower);
    const Table inverse = lower.selfadjointView<Eigen::Lower>();
    INFO("size " << n);
    CHECK((inverse * a - Table::Identity(n, n)).cwiseAbs().maxCoeff() < 1e-12);
  }
}

}  // namespace hpo::gp
