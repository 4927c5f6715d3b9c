// The normal distribution, ours: its bits do not change with the C library's version.
//
// Cody (1969), "Rational Chebyshev approximations for the error function", and Wichura (1988),
// algorithm AS 241. Pure functions, any thread.
#pragma once

namespace hpo::normal {

// P(X <= x) of a standard normal X; relative errors below 1e-12 in the far tail, where the rounding
// of x² decides, and 1e-15 in the middle; 0 below -38.5.
double cdf(double x);

// P(a <= X <= b); small differences keep their digits in both tails. REQUIRES: a <= b
double mass(double a, double b);

// x with cdf(x) = p to 1e-13. -inf for 0, +inf for 1. REQUIRES: 0 <= p <= 1
double quantile(double p);

}  // namespace hpo::normal
