// The minimiser on functions whose minimum is known.
#include "strategies/gp/minimiser.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

namespace hpo::gp {
namespace {

constexpr MinimiserLimits precise{.asks_max = 400, .gradient_least = 1e-9, .decrease_least = 0.0};

template <class Function>
Minimiser minimised(Vector start, double low, double high, const MinimiserLimits& limits,
                    Function function) {
  const Index size = start.size();
  Minimiser search(std::move(start), Vector::Constant(size, low), Vector::Constant(size, high),
                   limits);
  Vector gradient(size);
  while (!search.is_done()) {
    CHECK(search.asked().minCoeff() >= low);
    CHECK(search.asked().maxCoeff() <= high);
    const double value = function(search.asked(), gradient);
    search.tell(value, gradient);
  }
  return search;
}

double rosenbrock(const Vector& x, Vector& gradient) {
  const double a = 1.0 - x[0];
  const double b = x[1] - x[0] * x[0];
  gradient << -2 * a - 400 * x[0] * b, 200 * b;
  return a * a + 100 * b * b;
}

}  // namespace

TEST_CASE("it finds the minimum of Rosenbrock's valley", "[gp]") {
  const Minimiser search = minimised(Vector{{-1.2, 1.0}}, -5, 5, precise, rosenbrock);
  CHECK(search.best()[0] == Approx(1.0).epsilon(1e-6));
  CHECK(search.best()[1] == Approx(1.0).epsilon(1e-6));
}

TEST_CASE("it finds a minimum on the box's edge, and stays inside", "[gp]") {
  const Minimiser search = minimised(Vector{{-0.4, 0.3}}, -0.5, 0.5, precise, rosenbrock);
  CHECK(search.best()[0] == Approx(0.5));
  CHECK(search.best()[1] == Approx(0.25).epsilon(1e-5));
}

TEST_CASE("it backs away from where the function is not known", "[gp]") {
  const auto log_barrier = [](const Vector& x, Vector& gradient) {
    if (x[0] <= 0.3) return std::numeric_limits<double>::infinity();
    gradient[0] = 1.0 - 1e-3 / (x[0] - 0.3);
    return x[0] - 1e-3 * std::log(x[0] - 0.3);
  };
  const Minimiser search = minimised(Vector{{0.9}}, 0, 1, precise, log_barrier);
  CHECK(search.best()[0] == Approx(0.301).epsilon(1e-4));
}

TEST_CASE("it ends: at its limit, on a plateau, without coordinates, and from nowhere", "[gp]") {
  int asks = 0;
  const auto steep = [&](const Vector& x, Vector& gradient) {
    ++asks;
    gradient[0] = -std::exp(-x[0]);
    return std::exp(-x[0]);
  };
  constexpr MinimiserLimits seven{.asks_max = 7, .gradient_least = 0, .decrease_least = 0};
  minimised(Vector{{0.0}}, 0, 1e9, seven, steep);
  CHECK(asks == 7);
  const auto flat = [](const Vector&, Vector& gradient) { gradient.setZero(); return 1.0; };
  CHECK(minimised(Vector{{0.5}}, 0, 1, precise, flat).best_value() == 1.0);
  CHECK(Minimiser(Vector(), Vector(), Vector(), precise).is_done());
  const auto nowhere = [](const Vector&, Vector& gradient) { gradient.setZero(); return NAN; };
  CHECK(minimised(Vector{{0.5}}, 0, 1, precise, nowhere).best()[0] == 0.5);
}

}  // namespace hpo::gp
