// The half-rank warp: its numbers, its order, and what doubles can hold.
#include "strategies/gp/output_warp.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <vector>

namespace hpo::gp {
namespace {

Vector warped_all(const std::vector<double>& values) {
  return warped(values, std::vector<char>(values.size(), 0));
}

}  // namespace

TEST_CASE("the warp is that of reference.py", "[gp]") {
  const Vector warp = warped_all({3, -1e9, 1, 2, 2, -5, 7, 0});
  const std::vector<double> expected{0.599042364087, -1.628099409373, -0.085755173954,
                                     0.259993477625, 0.259993477625,  -0.903339494499,
                                     1.955237909937, -0.457073151448};
  for (std::size_t i = 0; i < expected.size(); ++i) {
    CHECK(warp[static_cast<Index>(i)] == Approx(expected[i]).epsilon(1e-9));
  }
}

TEST_CASE("the order of values stays, and equal ones stay equal", "[gp]") {
  const std::vector<double> values{0.1, -3.0, 0.1, 5.0, -3.0, 2.0, -1e300, 4.9, 0.0};
  const Vector warp = warped_all(values);
  for (std::size_t a = 0; a < values.size(); ++a) {
    for (std::size_t b = 0; b < values.size(); ++b) {
      const auto i = static_cast<Index>(a);
      const auto j = static_cast<Index>(b);
      CHECK((values[a] < values[b]) == (warp[i] < warp[j]));
    }
  }
}

TEST_CASE("whatever a double holds is warped to finite numbers, equal values to 0", "[gp]") {
  constexpr double most = std::numeric_limits<double>::max();
  const std::vector<std::vector<double>> extremes{
      {}, {2.0}, {most, -most}, {most, -most, 0.0, 5e-324}, {5e-324, 0.0, 0.0}, {-most, -most, 1.0},
      {0.0, 1e-320, 1.0, most}};
  for (const std::vector<double>& values : extremes) CHECK(warped_all(values).allFinite());
  CHECK(warped_all({0.3, 0.3, 0.3}).isZero(0.0));
  CHECK(warped_all({1e200, 1e200}).isZero(0.0));
}

TEST_CASE("a pruned trial ranks in the middle of the worse half, whatever its number", "[gp]") {
  const std::vector<double> values{1, 2, 3, 4, 5, 6, 7, 1e12};
  const Vector warp = warped(values, std::vector<char>{0, 0, 0, 0, 0, 0, 0, 1});
  CHECK(warp[7] == Approx(warp[1]));
  CHECK(warped(std::vector<double>{1.0, 2.0}, std::vector<char>{1, 1}).isZero(0.0));
}

}  // namespace hpo::gp
