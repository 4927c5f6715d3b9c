// The likelihood against reference.py, and its gradient against differences.
#include "strategies/gp/likelihood.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "tests/strategies/gp/reference.hpp"

namespace hpo::gp {
namespace {

void check_gradient(const Table& points, const Vector& targets, const Prior& prior,
                    const Vector& at) {
  Likelihood likelihood(points, targets, prior);
  Vector gradient;
  likelihood(at, gradient);
  Vector unused;
  for (Index i = 0; i < at.size(); ++i) {
    constexpr double h = 1e-4;
    const auto moved = [&](double steps) {
      Vector there = at;
      there[i] += steps * h;
      return likelihood(there, unused);
    };
    // Of fourth order: what is left is rounding.
    const double quotient = (8 * (moved(1) - moved(-1)) - (moved(2) - moved(-2))) / (12 * h);
    INFO("parameter " << i);
    CHECK(std::abs(gradient[i] - quotient) < 1e-6 * std::max(1.0, std::abs(quotient)));
  }
}

}  // namespace

TEST_CASE("likelihood and prior are those of reference.py", "[gp]") {
  const Table points = reference_points();
  const Vector targets = reference_targets();
  const Prior prior = reference_prior();
  Likelihood likelihood(points, targets, prior);
  Vector gradient;
  CHECK(likelihood(parameters_of(reference_kernel(), prior), gradient) ==
        Approx(6.875127385847).epsilon(1e-11));
}

TEST_CASE("the gradient is what differences of the likelihood say, to 1e-6", "[gp]") {
  const Table points = reference_points();
  const Vector targets = reference_targets();
  Prior prior = reference_prior();
  prior.learns_noise = GENERATE(true, false);
  prior.noise_least = prior.learns_noise ? 1e-6 : 1e-3;
  for (const double shift : {-1.0, 0.0, 0.7, 2.0}) {
    const Vector at = parameters_of(reference_kernel(), prior).array() + shift;
    check_gradient(points, targets, prior, at);
  }
}

TEST_CASE("so it is with a hundred points, where halves are inverted", "[gp]") {
  Table points(100, 3);
  Vector targets(100);
  for (Index i = 0; i < 100; ++i) {
    const auto t = static_cast<double>(i);
    points.row(i) << std::fmod(t * 0.618034, 1.0), std::fmod(t * 0.754878, 1.0),
        static_cast<double>(i % 3);
    targets[i] = std::sin(5.0 * points(i, 0)) + points(i, 1) * (i % 3 == 0 ? 1.0 : -1.0);
  }
  const Prior prior = reference_prior();
  check_gradient(points, targets, prior, parameters_of(usual_kernel(prior), prior));
}

TEST_CASE("so it is with axes that are absent in some points", "[gp]") {
  Table points(40, 3);
  Vector targets(40);
  for (Index i = 0; i < 40; ++i) {
    const auto t = static_cast<double>(i);
    points.row(i) << std::fmod(t * 0.618034, 1.0),
        i % 3 == 0 ? absent : std::fmod(t * 0.754878, 1.0),
        i % 4 == 0 ? absent : static_cast<double>(i % 2);
    targets[i] = std::sin(5.0 * points(i, 0)) + points(i, 1);
  }
  const Prior prior{.is_ordered = {1, 1, 0}, .is_conditional = {0, 1, 1}};
  for (const double shift : {0.0, 1.0}) {
    const Vector at = parameters_of(usual_kernel(prior), prior).array() + shift;
    check_gradient(points, targets, prior, at);
  }
}

TEST_CASE("above twenty axes the usual lengths grow with the root of their number", "[gp]") {
  Prior prior{.is_ordered = std::vector<char>(20, 1)};
  CHECK(prior.usual_weight() == 1.0);
  prior.is_ordered.resize(50, 1);
  CHECK(prior.usual_weight() == Approx(1.0 / 50));
  Table points = Table::Constant(4, 50, 0.5);
  for (Index i = 0; i < 4; ++i) points(i, i) = 0.1;
  const Vector targets{{0.3, -1.2, 0.8, 0.1}};
  check_gradient(points, targets, prior, parameters_of(usual_kernel(prior), prior));
}

}  // namespace hpo::gp
