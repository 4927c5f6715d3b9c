// Matérn-5/2: values at known distances, its slope, and distances with and without order.
#include "strategies/gp/kernel.hpp"

#include <catch2/catch.hpp>
#include <cmath>

namespace hpo::gp {

TEST_CASE("the kernel is Matérn's of smoothness 5/2 at every distance", "[gp]") {
  for (const double r : {0.0, 1e-9, 0.3, 1.0, 4.0, 30.0, 400.0}) {
    std::vector<double> value{r * r};
    std::vector<double> slope{0.0};
    matern(2.0, 1, value.data(), slope.data());
    const double root = std::sqrt(5.0) * r;
    CHECK(value[0] == Approx(2.0 * (1 + root + root * root / 3) * std::exp(-root)).margin(1e-300));
    CHECK(slope[0] == Approx(-2.0 * 5.0 / 6 * (1 + root) * std::exp(-root)).margin(1e-300));
  }
}

TEST_CASE("the slope is the difference quotient of the kernel by r²", "[gp]") {
  for (const double square : {0.01, 0.5, 3.0, 20.0}) {
    const double h = 1e-5 * square;
    std::vector<double> around{square - h, square + h, square};
    std::vector<double> slopes(3);
    matern(1.5, 3, around.data(), slopes.data());
    CHECK(slopes[2] == Approx((around[1] - around[0]) / (2 * h)).epsilon(1e-8));
  }
}

TEST_CASE("a value is the same alone and among many", "[gp]") {
  std::vector<double> many(1000);
  for (std::size_t i = 0; i < many.size(); ++i) many[i] = static_cast<double>(i) * 0.01;
  std::vector<double> together = many;
  matern(1.0, 1000, together.data());
  for (std::size_t i = 0; i < many.size(); ++i) {
    matern(1.0, 1, &many[i]);
    REQUIRE(many[i] == together[i]);
  }
}

TEST_CASE("distances are weighted differences, or whether coordinates differ", "[gp]") {
  const Kernel kernel{.is_ordered = {1, 0}, .weights = Vector{{4.0, 0.7}}};
  const Table rows = scaled(kernel, Table{{0.1, 0.25}, {0.4, 0.75}, {0.4, 0.25}});
  std::vector<double> squares(2);
  squared_distances(kernel, rows, 1, 2, rows.row(0).transpose(), squares.data());
  CHECK(squares[0] == Approx(4.0 * 0.09 + 0.7));
  CHECK(squares[1] == Approx(4.0 * 0.09));
  squared_distances(kernel, rows, 0, 2, rows.row(0).transpose(), squares.data());
  CHECK(squares[0] == 0.0);
}

TEST_CASE("an absent axis is as far from all of its values, and nowhere from itself", "[gp]") {
  const Kernel kernel{.is_ordered = {1, 0}, .is_conditional = {1, 1},
                      .weights = Vector{{4.0, 0.7}}};
  CHECK(kernel.columns() == 3);
  const Table rows = scaled(kernel, Table{{absent, absent}, {0.0, 0.25}, {1.0, 0.25},
                                          {0.4, absent}, {0.5, absent}, {absent, absent}});
  std::vector<double> squares(6);
  squared_distances(kernel, rows, 0, 6, rows.row(0).transpose(), squares.data());
  CHECK(squares[1] == Approx(4.0 + 0.7));
  CHECK(squares[2] == Approx(4.0 + 0.7));
  CHECK(squares[3] == Approx(4.0));
  CHECK(squares[5] == 0.0);
  squared_distances(kernel, rows, 0, 6, rows.row(4).transpose(), squares.data());
  CHECK(squares[3] == Approx(4.0 * 0.01).epsilon(0.01));  // as without conditions
  CHECK(squares[4] == 0.0);
}

}  // namespace hpo::gp
