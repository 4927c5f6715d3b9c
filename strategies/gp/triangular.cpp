// By halves, so that nearly all of the work is products of large blocks.
#include "strategies/gp/triangular.hpp"

namespace hpo::gp {
namespace {

constexpr Index smallest = 32;  // solved as a whole

Index half_of(Index size) { return (size / 2 + 3) / 4 * 4; }

}  // namespace

void invert_lower(Eigen::Ref<Table> lower) {
  const Index size = lower.rows();
  if (size <= smallest) {
    Table inverse = Table::Identity(size, size);
    lower.triangularView<Eigen::Lower>().solveInPlace(inverse);
    lower.triangularView<Eigen::Lower>() = inverse;
    return;
  }
  const Index half = half_of(size);
  const Index rest = size - half;
  // (A 0; B C)⁻¹ = (A⁻¹ 0; -C⁻¹ B A⁻¹  C⁻¹)
  invert_lower(lower.topLeftCorner(half, half));
  invert_lower(lower.bottomRightCorner(rest, rest));
  const Table left = lower.bottomRightCorner(rest, rest).triangularView<Eigen::Lower>() *
                     lower.bottomLeftCorner(rest, half);
  lower.bottomLeftCorner(rest, half).noalias() =
      -left * lower.topLeftCorner(half, half).triangularView<Eigen::Lower>();
}

void square_lower(Eigen::Ref<Table> lower) {
  const Index size = lower.rows();
  if (size <= smallest) {
    Table full = lower.triangularView<Eigen::Lower>();
    lower.triangularView<Eigen::Lower>() = full.transpose() * full;
    return;
  }
  const Index half = half_of(size);
  const Index rest = size - half;
  // (A 0; B C)ᵀ(A 0; B C) = (AᵀA + BᵀB  .; CᵀB  CᵀC)
  square_lower(lower.topLeftCorner(half, half));
  lower.topLeftCorner(half, half).selfadjointView<Eigen::Lower>().rankUpdate(
      lower.bottomLeftCorner(rest, half).transpose());
  const Table product =
      lower.bottomRightCorner(rest, rest).triangularView<Eigen::Lower>().transpose() *
      lower.bottomLeftCorner(rest, half);
  lower.bottomLeftCorner(rest, half) = product;
  square_lower(lower.bottomRightCorner(rest, rest));
}

}  // namespace hpo::gp
