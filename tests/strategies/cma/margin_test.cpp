// The margin against cma_reference.py, and what it promises.
#include "strategies/cma/margin.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "strategies/normal.hpp"

namespace hpo {
namespace {

UnitCube::Cell fifth(std::size_t, double u) {
  const double k = std::min(std::floor(u * 5.0), 4.0);
  return {k / 5.0, (k + 1.0) / 5.0};
}

struct MarginCase { double mean, sigma, rate; bool has_changed; };

// A margin whose last mutation rate and success are those of the case.
CmaShape corrected(const MarginCase& c) {
  CmaMargin margin({0}, fifth, margin_probability(2));
  CmaShape shape = cma_round_shape({0.5}, 1.0);
  std::vector<double> stays{0.5};
  std::vector<double> leaves{0.9};
  std::vector<std::vector<double>*> half{&stays};
  if (c.rate < 0.5) {  // a correction where just this rate is found
    shape.sigma = -0.1 / normal::quantile(0.5 * c.rate);
    half[0] = &leaves;
    margin.centre(shape, half);
    margin.correct(shape);
    shape = cma_round_shape({0.5}, 1.0);
  }
  shape.mean[0] = c.mean;
  shape.sigma = c.sigma;
  std::vector<double> home{c.mean};
  std::vector<double> other{c.mean < 0.5 ? 0.9 : 0.1};
  half[0] = c.has_changed ? &other : &home;
  margin.centre(shape, half);
  margin.correct(shape);
  return shape;
}

}  // namespace

TEST_CASE("margins are those of cma_reference.py", "[cma]") {
  CHECK(margin_probability(2) == Approx(0.145599625468).epsilon(1e-11));
  const auto [c, mean, widening] = GENERATE(table<MarginCase, double, double>({
      {{0.47, 0.02, 0.5, false}, 0.5, 3.43583203196},
      {{0.45, 0.06, 0.3, true}, 0.474828821629, 1.43355714709},
      {{0.52, 0.2, 0.2, false}, 0.50179741735, 0.390048538861},
      {{0.09, 0.01, 0.5, false}, 0.1, 9.47423275674},
      {{0.96, 0.05, 0.5, true}, 0.9, 1.89484655135}}));
  const CmaShape shape = corrected(c);
  CHECK(shape.mean[0] == Approx(mean).epsilon(1e-8));
  CHECK(shape.widening[0] == Approx(widening).epsilon(1e-6));
}

TEST_CASE("however small sigma is, a draw leaves the mean's value with the margin's probability",
          "[cma]") {
  const double alpha = margin_probability(1);
  for (const double mean : {0.01, 0.5, 0.99}) {
    for (const double sigma : {1e-3, 1e-6, 1e-12}) {
      CmaMargin margin({0}, fifth, alpha);
      CmaShape shape = cma_round_shape({mean}, sigma);
      std::vector<double> stays{mean};
      std::vector<std::vector<double>*> half{&stays};
      margin.centre(shape, half);
      margin.correct(shape);
      const UnitCube::Cell home = fifth(0, shape.mean[0]);
      const double deviation = shape.sigma * shape.widening[0];
      const bool is_low = home.low <= 0.0;
      const bool is_high = home.high >= 1.0;
      const double below = is_low ? 0.0 : normal::cdf((home.low - shape.mean[0]) / deviation);
      const double above = is_high ? 0.0 : normal::cdf((shape.mean[0] - home.high) / deviation);
      CHECK(below + above == Approx(alpha).epsilon(1e-4));
    }
  }
}

TEST_CASE("centring sends who changed to the middle of the cell, and undoes the bias", "[cma]") {
  CmaMargin margin({0}, fifth, 0.1);
  const CmaShape shape = cma_round_shape({0.5}, 0.1);
  std::vector<double> changed{0.65};  // to 0.7
  std::vector<double> above{0.58};    // stays; its middle lies below
  std::vector<double> below{0.44};    // stays; its middle lies above, as the bias does
  std::vector<std::vector<double>*> half{&changed, &above, &below};
  margin.centre(shape, half);
  CHECK(changed[0] == Approx(0.7));
  CHECK(above[0] == Approx(0.53));
  CHECK(below[0] == 0.44);
}

}  // namespace hpo
