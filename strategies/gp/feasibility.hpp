// How likely a trial is to give a value at all, from where others did and did not.
//
// A failed or infeasible trial has no value, and none is made up for it: a second model, of the
// labels "gave a value" and "gave none", tells where such trials are, and its probability counts
// for whatever is maximised. It has no floor: near the end of a study all else that is promised is
// tiny too. Where failures come by chance, the labels' noise is learned, and no place is ruled out.
// Gramacy and Lee (2011), "Optimization under unknown constraints". Pure functions, any thread.
#pragma once

#include <span>

#include "strategies/gp/posterior.hpp"

namespace hpo::gp {

// Labels as targets: 1 for a value, 0 for none, with mean 0 and deviation 1; and where their
// middle is then. REQUIRES: both occur
struct LabelTargets {
  Vector targets{};
  double middle = 0.0;
};
LabelTargets label_targets(std::span<const char> has_value);

// log P(a value) of m points, and by coordinate if the prediction has slopes.
struct LogFeasibility {
  Vector value{};
  Table slopes{};
};
LogFeasibility log_feasibility(const Prediction& prediction, double noise, double middle);

// Never below log P, from a bound of the variance.
Vector log_feasibility_bound(const Prediction& bound, double noise, double middle);

}  // namespace hpo::gp
