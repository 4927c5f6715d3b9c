// What must hold for bits that are the same everywhere.
#include "strategies/gp/matrix.hpp"

#include <catch2/catch.hpp>

#include "strategies/eigen_sizes.hpp"

namespace hpo::gp {

TEST_CASE("Eigen takes the pinned sizes for the caches of any CPU", "[gp]") {
  CHECK(are_eigen_sizes_pinned);
  CHECK(Eigen::l1CacheSize() == 32 << 10);
  CHECK(Eigen::l2CacheSize() == 512 << 10);
  CHECK(Eigen::l3CacheSize() == 4 << 20);
}

TEST_CASE("rows are allocated by their number alone, in whole cache lines", "[gp]") {
  CHECK(rows_allocated(0) == 0);
  CHECK(rows_allocated(1) == 64);
  CHECK(rows_allocated(64) == 64);
  CHECK(rows_allocated(65) == 128);
}

}  // namespace hpo::gp
