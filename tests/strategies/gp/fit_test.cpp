// What a fit finds in data that are known.
#include "strategies/gp/fit.hpp"

#include <catch2/catch.hpp>
#include <cmath>

namespace hpo::gp {
namespace {

Table some_points(Index count) {
  Table points(count, 3);
  for (Index i = 0; i < count; ++i) {
    const auto t = static_cast<double>(i + 1);
    points.row(i) << std::fmod(t * 0.8191725, 1.0), std::fmod(t * 0.6710436, 1.0),
        std::fmod(t * 0.5497005, 1.0);
  }
  return points;
}

}  // namespace

TEST_CASE("an axis that matters gets a short length, one that does not a long one", "[gp]") {
  const Table points = some_points(60);
  Vector targets(60);
  for (Index i = 0; i < 60; ++i) {
    targets[i] = std::sin(9 * points(i, 0)) + std::sin(3 * points(i, 1));
  }
  const Prior prior{.is_ordered = {1, 1, 1}};
  const Kernel kernel = fitted(points, targets, prior, usual_kernel(prior), false);
  CHECK(kernel.weights[0] > 4 * kernel.weights[1]);
  CHECK(kernel.weights[1] > 4 * kernel.weights[2]);
  CHECK(kernel.noise < 1e-3);
}

TEST_CASE("noise is found as large as it is, or left at its least if it is known", "[gp]") {
  const Table points = some_points(200);
  Vector targets(200);
  for (Index i = 0; i < 200; ++i) {
    targets[i] = 2 * points(i, 0) + (i % 2 == 0 ? 0.4 : -0.4);  // variance 0.16
  }
  Prior prior{.is_ordered = {1, 1, 1}};
  const Kernel noisy = fitted(points, targets, prior, usual_kernel(prior), true);
  CHECK(noisy.noise > 0.08);
  CHECK(noisy.noise < 0.24);
  prior.learns_noise = false;
  CHECK(fitted(points, targets, prior, usual_kernel(prior), false).noise == prior.noise_least);
}

TEST_CASE("a fit ends no worse than it began, wherever it began", "[gp]") {
  const Table points = some_points(30);
  const Vector targets = points.col(1).array().sin();
  const Prior prior{.is_ordered = {1, 1, 1}};
  Likelihood likelihood(points, targets, prior);
  Vector unused;
  for (const double weight : {1e-9, 0.3, 40.0, 1e9}) {
    Kernel start = usual_kernel(prior);
    start.weights.setConstant(weight);
    const Kernel kernel = fitted(points, targets, prior, start, true);
    CHECK(likelihood(parameters_of(kernel, prior), unused) <=
          likelihood(parameters_of(usual_kernel(prior), prior), unused));
  }
}

}  // namespace hpo::gp
