// Minimises a smooth function in a box by asking for one value and gradient after the other.
//
// L-BFGS (Nocedal and Wright 2006, algorithm 7.4) on the coordinates that are free, projected onto
// the box: Bertsekas (1982), "Projected Newton methods". It asks instead of calling, so that many
// searches from different starts can be answered together. One thread at a time.
#pragma once

#include <deque>

#include "strategies/gp/matrix.hpp"

namespace hpo::gp {

struct MinimiserLimits {
  int asks_max = 100;               // values and gradients
  double step_first = 1.0;          // of any coordinate at once, while no scale is known
  double step_max = 2.0;            // later
  double gradient_least = 1e-2;     // done when no free derivative is larger
  double decrease_least = 1e-5;     // done when a step gains less, relative to the value
};

class Minimiser {
 public:
  // REQUIRES: low <= start <= high in every coordinate
  Minimiser(Vector start, Vector low, Vector high, const MinimiserLimits& limits);

  bool is_done() const { return is_done_; }
  const Vector& asked() const { return asked_; }  // whose value is wanted next, if not done

  // The answer for asked(); infinity or NaN: outside of where the function is known.
  void tell(double value, const Vector& gradient);

  const Vector& best() const { return best_; }
  double best_value() const { return best_value_; }

 private:
  struct Pair {
    Vector step{};
    Vector change{};  // of the gradient
    double product = 0.0;
  };
  void accept(double value, const Vector& gradient);
  void start_line();
  Vector direction(const Vector& free_gradient) const;
  Vector free_part(const Vector& v) const;
  void step_to(double length);

  Vector low_;
  Vector high_;
  MinimiserLimits limits_;
  Vector asked_;
  Vector best_;
  Vector gradient_{};   // at the best
  Vector direction_{};
  std::deque<Pair> pairs_{};
  double best_value_ = 0.0;
  double length_ = 1.0;  // of the step along direction_
  int asks_ = 0;
  int halvings_ = 0;
  bool is_first_ = true;
  bool is_done_ = false;
};

}  // namespace hpo::gp
