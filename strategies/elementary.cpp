// Table-driven exp and log (Tang 1989, 1990): reduce to a small r, a short Taylor series there,
// and a table with more digits than a double for the rest.
#include "strategies/elementary.hpp"

#include <Eigen/Core>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace hpo::elementary {
namespace {

struct HighLow {
  double high = 0.0;
  double low = 0.0;
};

struct LogCell {
  double inverse = 1.0;  // c ≈ 1/z in the cell's middle, a multiple of 2^-9
  double high = 0.0;     // -log(c) to a multiple of 2^-42, so that adding k ln 2 is exact
  double low = 0.0;
};

constexpr std::array powers_of_two{
#include "strategies/elementary_exp.inc"
};
constexpr std::array log_cells{
#include "strategies/elementary_log.inc"
};

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double ln2_high = 0x1.62e42fefa38p-1;        // a multiple of 2^-42
constexpr double ln2_low = 0x1.ef35793c7673p-45;       // ln 2 - ln2_high
constexpr double step_high = 0x1.62e42fefap-6;         // ln 2 / 32 to a multiple of 2^-42
constexpr double step_low = 0x1.cf79abc9e3b3ap-45;     // ln 2 / 32 - step_high
constexpr double exp_overflow = 0x1.62e42fefa39efp+9;  // 709.78…, the largest with a finite exp
constexpr double exp_underflow = -0x1.74910d52d3052p+9;  // -745.13…: below half of 2^-1074

constexpr double power_of_two(std::int32_t k) {  // -1022 <= k <= 1023
  return std::bit_cast<double>(static_cast<std::uint64_t>(k + 1023) << 52U);
}

// x × 2^k in two steps, the second of which may round to a subnormal or reach 2^1024.
double scale(double x, std::int32_t k) {
  const std::int32_t half = k / 2;
  return x * power_of_two(half) * power_of_two(k - half);
}

// a + b as the rounded sum and its error (Knuth), whichever is larger.
HighLow two_sum(double a, double b) {
  const double sum = a + b;
  const double b_part = sum - a;
  return {sum, (a - (sum - b_part)) + (b - b_part)};
}

// exp(r) - 1 for |r| <= ln 2 / 64: the eighth term is below 2^-67.
double exp_minus_one(double r) {
  const double third = ((1.0 / 5040.0 * r + 1.0 / 720.0) * r + 1.0 / 120.0) * r + 1.0 / 24.0;
  const double p = (third * r + 1.0 / 6.0) * r + 0.5;
  return r + r * r * p;
}

// exp for -750 <= x <= 710, without a branch: four at a time in a loop.
inline double exp_inside(double x) {
  // x = (32 k + j) ln 2 / 32 + r, n = 32 k + j
  constexpr double per_step = 46.166241308446828384;  // 32 / ln 2
  const auto n = static_cast<std::int32_t>(x * per_step + std::copysign(0.5, x));
  const std::int32_t k = n >> 5;
  const auto j = static_cast<std::size_t>(n & 31);
  const auto steps = static_cast<double>(n);
  const HighLow r = two_sum(x - steps * step_high, -(steps * step_low));  // products: first exact
  const HighLow& power = powers_of_two[j];
  const double tail = power.low + power.high * (exp_minus_one(r.high) + r.low);
  return scale(power.high + tail, k);
}

// log(1 + r) - r for |r| <= 1/128: the tenth term is below 2^-66 r.
double log_minus_linear(double r) {
  double p = 1.0 / 9.0;
  for (const double factor : {-1.0 / 8, 1.0 / 7, -1.0 / 6, 1.0 / 5, -1.0 / 4, 1.0 / 3, -0.5}) {
    p = p * r + factor;
  }
  return r * r * p;
}

// log of a positive normal number times 2^shift.
double log_normal(double x, std::int64_t shift) {
  // z in [0.6875, 1.375) with x = z × 2^k; a cell is 2^-7 of an octave's lower bound wide, and
  // the two cells beside 1 have c = 1, so that nothing cancels there.
  constexpr std::uint64_t offset = 0x3fe6000000000000U;
  const auto bits = std::bit_cast<std::uint64_t>(x);
  const std::uint64_t from_offset = bits - offset;
  const std::int64_t k = static_cast<std::int64_t>(from_offset) >> 52;
  const LogCell& cell = log_cells[(from_offset >> 45U) & 127U];
  const std::uint64_t z_bits = bits - (from_offset & 0xfff0000000000000U);
  // z c - 1 in two exact parts: c has 10 bits, z is split after 32.
  const double z_high = std::bit_cast<double>(z_bits & 0xffffffffffe00000U);
  const double z_low = std::bit_cast<double>(z_bits) - z_high;
  const double r_high = z_high * cell.inverse - 1.0;
  const double r_low = z_low * cell.inverse;
  const auto octaves = static_cast<double>(k - shift);
  const HighLow r = two_sum(r_high, r_low);
  const HighLow sum = two_sum(octaves * ln2_high + cell.high, r.high);
  const double rest = octaves * ln2_low + cell.low + r.low + log_minus_linear(r.high);
  return sum.high + (sum.low + rest);
}

}  // namespace

double exp(double x) {
  if (x != x) return x;
  if (x > exp_overflow) return infinity;
  if (x < exp_underflow) return 0.0;
  return exp_inside(x);
}

void exp_each(std::span<double> values) {
  // Just beyond what a double holds, where scale() gives 0 and infinity by itself.
  constexpr double least = -750.0;
  constexpr double most = 710.0;
  // By Eigen: the compiler leaves a loop with a choice in it as it is.
  Eigen::Map<Eigen::ArrayXd> all(values.data(), static_cast<Eigen::Index>(values.size()));
  all = all.max(least).min(most);
  for (double& x : values) x = exp_inside(x);
}

double log(double x) {
  if (x != x || x == infinity) return x;
  if (x == 0.0) return -infinity;
  if (x < 0.0) return not_a_number;
  constexpr std::int64_t lift = 54;  // makes every subnormal number a normal one
  if (x < 0x1.0p-1022) return log_normal(x * 0x1.0p54, lift);
  return log_normal(x, 0);
}

}  // namespace hpo::elementary
