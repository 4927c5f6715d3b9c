// When the region grows and shrinks, and where it lies.
#include "strategies/gp/trust_region.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

namespace hpo::gp {
namespace {

constexpr Index axes_count = 24;

Kernel kernel_of_many() {
  return {.is_ordered = std::vector<char>(axes_count, 1), .weights = Vector::Ones(axes_count)};
}

}  // namespace

TEST_CASE("the region doubles after three better values in a row, halves after one per axis",
          "[gp]") {
  TrustRegion region(axes_count);
  region.tell(1.0);
  region.tell(2.0);
  CHECK(region.length() == 0.8);
  region.tell(3.0);
  CHECK(region.length() == 1.6);
  for (Index i = 0; i < axes_count; ++i) region.tell(3.0);
  CHECK(region.length() == 0.8);
  for (Index i = 0; i + 1 < axes_count; ++i) region.tell(0.0);
  region.tell(4.0);
  for (Index i = 0; i + 1 < axes_count; ++i) region.tell(0.0);
  CHECK(region.length() == 0.8);
}

TEST_CASE("a region that has become tiny is as large as at first again", "[gp]") {
  TrustRegion region(axes_count);
  region.tell(1.0);
  double least = 1.0;
  for (int i = 0; i < 500; ++i) {
    region.tell(0.0);
    least = std::min(least, region.length());
  }
  CHECK(least < 0.02);
  CHECK(least > 0.007);
}

TEST_CASE("it lies around its centre, inside the cube, longer where the kernel is", "[gp]") {
  Kernel kernel = kernel_of_many();
  kernel.weights[0] = 100.0;
  kernel.weights[1] = 0.01;
  kernel.is_ordered[2] = 0;
  Vector centre = Vector::Constant(axes_count, 0.5);
  centre[3] = 0.95;
  const Region region = TrustRegion(axes_count).around(centre, kernel);
  CHECK(region.high[0] - region.low[0] == Approx(0.08));
  CHECK(region.high[1] - region.low[1] == 1.0);
  CHECK(region.high[2] - region.low[2] == 1.0);  // without order
  CHECK(region.high[3] == 1.0);
  CHECK(region.low[3] == Approx(0.55));
  CHECK(region.share_moved == Approx(20.0 / 24));
}

TEST_CASE("up to twenty axes_count it is the whole cube", "[gp]") {
  const Kernel kernel{.is_ordered = std::vector<char>(20, 1), .weights = Vector::Ones(20)};
  const Region region = TrustRegion(20).around(Vector::Constant(20, 0.5), kernel);
  CHECK(region.low.isZero(0.0));
  CHECK(region.high == Vector::Ones(20));
}

}  // namespace hpo::gp
