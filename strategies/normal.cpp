// Three rational approximations each, and the tables of their authors.
#include "strategies/normal.hpp"

#include <array>
#include <cmath>
#include <limits>

#include "strategies/elementary.hpp"

namespace hpo::normal {
namespace {

constexpr double sqrt_half = 0.70710678118654752440;
constexpr double one_over_sqrt_pi = 0.56418958354775628695;
constexpr double infinity = std::numeric_limits<double>::infinity();

// By Horner's rule, the highest power first.
template <std::size_t n>
double polynomial(const std::array<double, n>& coefficients, double x) {
  double sum = 0.0;
  for (const double c : coefficients) sum = sum * x + c;
  return sum;
}

// erf(x) for |x| <= 0.46875
double erf_small(double x) {
  static constexpr std::array above{1.85777706184603153e-1, 3.16112374387056560e0,
                                    1.13864154151050156e2, 3.77485237685302021e2,
                                    3.20937758913846947e3};
  static constexpr std::array below{1.0, 2.36012909523441209e1, 2.44024637934444173e2,
                                    1.28261652607737228e3, 2.84423683343917062e3};
  return x * polynomial(above, x * x) / polynomial(below, x * x);
}

// exp(-x²) without the error that rounding x² makes in the exponent.
double exp_minus_square(double x) {
  const double coarse = std::floor(x * 16.0) / 16.0;
  return elementary::exp(-coarse * coarse) * elementary::exp(-(x - coarse) * (x + coarse));
}

// erfc(x) for 0.46875 <= x <= 4
double erfc_middle(double x) {
  static constexpr std::array above{
      2.15311535474403846e-8, 5.64188496988670089e-1, 8.88314979438837594e0, 6.61191906371416295e1,
      2.98635138197400131e2,  8.81952221241769090e2,  1.71204761263407058e3, 2.05107837782607147e3,
      1.23033935479799725e3};
  static constexpr std::array below{
      1.0,                   1.57449261107098347e1, 1.17693950891312499e2, 5.37181101862009858e2,
      1.62138957456669019e3, 3.29079923573345963e3, 4.36261909014324716e3, 3.43936767414372164e3,
      1.23033935480374942e3};
  return exp_minus_square(x) * polynomial(above, x) / polynomial(below, x);
}

// erfc(x) for x >= 4
double erfc_large(double x) {
  static constexpr std::array above{1.63153871373020978e-2, 3.05326634961232344e-1,
                                    3.60344899949804439e-1, 1.25781726111229246e-1,
                                    1.60837851487422766e-2, 6.58749161529837803e-4};
  static constexpr std::array below{1.0, 2.56852019228982242e0, 1.87295284992346725e0,
                                    5.27905102951428412e-1, 6.05183413124413191e-2,
                                    2.33520497626869185e-3};
  const double y = 1.0 / (x * x);
  const double rest = y * polynomial(above, y) / polynomial(below, y);
  return exp_minus_square(x) * (one_over_sqrt_pi - rest) / x;
}

double erfc_positive(double x) {
  constexpr double vanishes = 27.3;  // below the smallest double
  if (x >= vanishes) return 0.0;
  if (x <= 0.46875) return 1.0 - erf_small(x);
  return x <= 4.0 ? erfc_middle(x) : erfc_large(x);
}

// AS 241 for |p - ½| <= 0.425
double quantile_center(double q) {
  static constexpr std::array above{
      2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4,
      4.5921953931549871457e4, 1.3731693765509461125e4, 1.9715909503065514427e3,
      1.3314166789178437745e2, 3.3871328727963666080e0};
  static constexpr std::array below{
      5.2264952788528545610e3, 2.8729085735721942674e4, 3.9307895800092710610e4,
      2.1213794301586595867e4, 5.3941960214247511077e3, 6.8718700749205790830e2,
      4.2313330701600911252e1, 1.0};
  const double r = 0.180625 - q * q;
  return q * polynomial(above, r) / polynomial(below, r);
}

// For r = sqrt(-log(p)) of the smaller tail's p: 1.6 to 5, and beyond.
double quantile_tail(double r) {
  static constexpr std::array near_above{
      7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1,
      1.27045825245236838258e0,  3.64784832476320460504e0,  5.76949722146069140550e0,
      4.63033784615654529590e0,  1.42343711074968357734e0};
  static constexpr std::array near_below{
      1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2,
      1.48103976427480074590e-1, 6.89767334985100004550e-1, 1.67638483018380384940e0,
      2.05319162663775882187e0,  1.0};
  static constexpr std::array far_above{
      2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3,
      2.65321895265761230930e-2, 2.96560571828504891230e-1, 1.78482653991729133580e0,
      5.46378491116411436990e0,  6.65790464350110377720e0};
  static constexpr std::array far_below{
      2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5,
      7.86869131145613259100e-4,  1.48753612908506148525e-2, 1.36929880922735805310e-1,
      5.99832206555887937690e-1,  1.0};
  if (r <= 5.0) return polynomial(near_above, r - 1.6) / polynomial(near_below, r - 1.6);
  return polynomial(far_above, r - 5.0) / polynomial(far_below, r - 5.0);
}

}  // namespace

double cdf(double x) {
  const double z = x * sqrt_half;
  if (z >= -0.46875 && z <= 0.46875) return 0.5 + 0.5 * erf_small(z);
  return z < 0.0 ? 0.5 * erfc_positive(-z) : 1.0 - 0.5 * erfc_positive(z);
}

double mass(double a, double b) {
  return a > 0.0 ? cdf(-a) - cdf(-b) : cdf(b) - cdf(a);
}

double quantile(double p) {
  const double q = p - 0.5;
  if (q >= -0.425 && q <= 0.425) return quantile_center(q);
  const double tail = q < 0.0 ? p : 1.0 - p;
  const double x = tail > 0.0 ? quantile_tail(std::sqrt(-elementary::log(tail))) : infinity;
  return q < 0.0 ? -x : x;
}

}  // namespace hpo::normal
