// log EI against reference.py's integral, and its derivatives against differences.
#include "strategies/gp/log_ei.hpp"

#include <catch2/catch.hpp>
#include <cmath>

namespace hpo::gp {

TEST_CASE("log EI is the logarithm of the integral that reference.py takes", "[gp]") {
  CHECK(log_ei(0.5, 1.0, 0.0).value == Approx(-0.359827683745).epsilon(1e-11));
  CHECK(log_ei(-1.0, 0.3, 0.2).value == Approx(-13.053034381877).epsilon(1e-11));
  CHECK(log_ei(0.0, 0.01, 0.2).value == Approx(-211.523008695413).epsilon(1e-11));
  CHECK(log_ei(0.0, 0.01, 0.3).value == Approx(-462.329823946586).epsilon(1e-11));
  CHECK(log_ei(0.0, 0.001, 1.0).value == Approx(-500021.642207370140).epsilon(1e-12));
  CHECK(log_ei(3.0, 0.5, 0.0).value == Approx(1.098612288694).epsilon(1e-11));
}

TEST_CASE("its derivatives are what differences say, on both sides of the series' border", "[gp]") {
  for (const double mean : {2.0, -0.3, -3.0, -24.9, -25.1, -200.0}) {
    constexpr double h = 1e-4;
    const LogEi at = log_ei(mean, 1.0, 0.0);
    const auto value = [](double m, double s) { return log_ei(m, s, 0.0).value; };
    const double by_mean = (value(mean + h, 1.0) - value(mean - h, 1.0)) / (2 * h);
    const double by_deviation = (value(mean, 1.0 + h) - value(mean, 1.0 - h)) / (2 * h);
    INFO("z = " << mean);
    CHECK(at.by_mean == Approx(by_mean).epsilon(1e-4));
    CHECK(at.by_deviation == Approx(by_deviation).epsilon(1e-4));
  }
}

TEST_CASE("a trial beside others promises what their noise leaves of it", "[gp]") {
  CHECK(log_augmentation(1.0, 0.0).value == Approx(0.0).margin(1e-15));
  CHECK(log_augmentation(0.3, 0.16).value == Approx(std::log(1.0 - 0.4 / 0.5)));
  CHECK(log_augmentation(1e-6, 1.0).value == Approx(std::log(0.5e-12)));
  for (const double deviation : {1e-4, 0.3, 2.0}) {
    const double h = 1e-4 * deviation;
    const double above = log_augmentation(deviation + h, 0.16).value;
    const double below = log_augmentation(deviation - h, 0.16).value;
    CHECK(log_augmentation(deviation, 0.16).by_deviation ==
          Approx((above - below) / (2 * h)).epsilon(1e-6));
  }
}

TEST_CASE("it grows with the mean, without a step where the series begins", "[gp]") {
  double last = -INFINITY;
  for (int i = 0; i <= 2000; ++i) {
    const double value = log_ei(-26.0 + 0.001 * i, 1.0, 0.0).value;
    CHECK(value > last);
    if (i > 0) CHECK(value - last < 0.03);
    last = value;
  }
}

}  // namespace hpo::gp
