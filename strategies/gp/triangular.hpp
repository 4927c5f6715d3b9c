// The inverse of a positive definite matrix from its Cholesky factor, at a third of the price of
// solving for the identity: only the lower triangle is ever touched. Pure functions, any thread.
#pragma once

#include "strategies/gp/matrix.hpp"

namespace hpo::gp {

// L in the lower triangle becomes L⁻¹; what is above the diagonal is not read.
void invert_lower(Eigen::Ref<Table> lower);

// M in the lower triangle becomes MᵀM there. With M = L⁻¹ that is (L Lᵀ)⁻¹.
void square_lower(Eigen::Ref<Table> lower);

}  // namespace hpo::gp
