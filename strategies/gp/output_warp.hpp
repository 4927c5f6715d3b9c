// Outcomes as a Gaussian process likes them: the bad half counts by rank, the good half as it is.
//
// A loss explodes where training diverges; how far says nothing about where it is small, and a
// model that must follow it is blind elsewhere. Half-rank warping as in Vizier: Song et al. (2024),
// "The Vizier Gaussian process bandit algorithm", section 4.1. Pure functions, any thread.
#pragma once

#include <span>

#include "strategies/gp/matrix.hpp"

namespace hpo::gp {

// Values (the larger the better, finite) of mean 0 and deviation 1; equal ones stay equal and the
// order stays. All 0 if all are equal. Where is_bad, the value does not count: no more is known
// than that it is one of the worse half, so it gets the middle of that.
// REQUIRES: values.size() == is_bad.size()
Vector warped(std::span<const double> values, std::span<const char> is_bad);

// Mean 0 and deviation 1; all 0 if all are equal.
Vector standardised(Vector values);

}  // namespace hpo::gp
