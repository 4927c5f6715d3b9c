// Rungs as levels: an axis of a model, and values of different ones as its targets.
//
// A loss after one epoch and one after a hundred are of different sizes, so each level is warped by
// itself. But who reaches a higher level is not like all: so a level's targets are moved and
// stretched until the trials that told there have, on average, the targets that they had at the
// level before. What is left between levels is who overtakes whom, and how surely a lower one
// foretells a higher: that the model's axis of levels learns. Pure functions, any thread.
#pragma once

#include <span>
#include <vector>

#include "schema/study.hpp"
#include "strategies/gp/matrix.hpp"

namespace hpo::gp {

// The logarithm of the steps, from 0 at the first rung to 1, the last, where a trial is whole.
std::vector<double> rung_levels(const FidelitySpec& fidelity);

// Of one observation.
struct LevelValue {
  double value = 0.0;     // the larger the better, finite; meaningless if bad
  bool is_bad = false;    // no more is known than that it is one of the worse half there
  std::size_t level = 0;
  int trial = 0;
};

// As many, all 0 if all are equal. The lowest level's have mean 0 and deviation 1.
Vector level_targets(std::span<const LevelValue> told);

}  // namespace hpo::gp
