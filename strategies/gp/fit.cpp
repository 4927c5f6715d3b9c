// The minimiser asks, the likelihood answers; everything in logarithms, in a wide box.
#include "strategies/gp/fit.hpp"

#include "strategies/gp/minimiser.hpp"

namespace hpo::gp {
namespace {

struct Box {
  Vector low{};
  Vector high{};
};

// e^-12 … e^9 for λ: lengths of 400 down to 0.01 of an axis; e^-7 … e^5 for s; e^-20 … e^3 for
// the noise. Beyond it nothing changes but the rounding.
Box box_of(const Prior& prior) {
  const Index axes = prior.dimension();
  const Index size = axes + (prior.learns_noise ? 2 : 1);
  Box box{.low = Vector::Constant(size, -12.0), .high = Vector::Constant(size, 9.0)};
  box.low[axes] = -7.0;
  box.high[axes] = 5.0;
  if (prior.learns_noise) {
    box.low[axes + 1] = -20.0;
    box.high[axes + 1] = 3.0;
  }
  return box;
}

Minimiser searched(Likelihood& likelihood, const Prior& prior, const Kernel& start) {
  constexpr MinimiserLimits limits{.asks_max = 60};
  const Box box = box_of(prior);
  Vector begin = parameters_of(start, prior).cwiseMax(box.low).cwiseMin(box.high);
  Minimiser search(std::move(begin), box.low, box.high, limits);
  Vector gradient;
  while (!search.is_done()) {
    const double value = likelihood(search.asked(), gradient);
    search.tell(value, gradient);
  }
  return search;
}

}  // namespace

Kernel fitted(const Table& points, const Vector& targets, const Prior& prior, const Kernel& start,
              bool is_cold) {
  Likelihood likelihood(points, targets, prior);
  const Minimiser warm = searched(likelihood, prior, start);
  if (!is_cold) return kernel_of(warm.best(), prior);
  const Minimiser cold = searched(likelihood, prior, usual_kernel(prior));
  const bool is_colder = cold.best_value() < warm.best_value();
  return kernel_of((is_colder ? cold : warm).best(), prior);
}

}  // namespace hpo::gp
