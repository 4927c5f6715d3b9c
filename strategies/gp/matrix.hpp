// Eigen's types as the parts of `gp` use them, and what makes their bits the same everywhere.
//
// Eigen cuts products into blocks by the CPU's cache sizes, and takes the first elements of a sum
// one by one until an address is aligned. So the cache sizes are pinned, and whatever is summed
// lies in matrices that Eigen allocates, at strides that the contents alone decide.
#pragma once

#include <Eigen/Core>

namespace hpo::gp {

using Eigen::Index;
using Table = Eigen::MatrixXd;  // column after column
using Vector = Eigen::VectorXd;

// Rows to allocate for so many: a function of the contents alone.
constexpr Index rows_allocated(Index rows) {
  constexpr Index at_once = 64;
  return (rows + at_once - 1) / at_once * at_once;
}

}  // namespace hpo::gp
