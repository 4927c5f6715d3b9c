// See matrix.hpp.
#include "strategies/gp/matrix.hpp"

#include "strategies/eigen_sizes.hpp"

namespace hpo::gp {

bool are_cache_sizes_pinned() { return are_eigen_sizes_pinned; }

}  // namespace hpo::gp
