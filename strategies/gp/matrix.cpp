// Sizes of a common server's caches: a smaller CPU loses some speed, no CPU changes a bit.
#include "strategies/gp/matrix.hpp"

namespace hpo::gp {
namespace {

constexpr std::ptrdiff_t level_1_bytes = 32 << 10;
constexpr std::ptrdiff_t level_2_bytes = 512 << 10;
constexpr std::ptrdiff_t level_3_bytes = 4 << 20;

// Before main: Eigen keeps the sizes in a plain variable, which the compute pool's threads read.
const bool is_pinned =
    (Eigen::setCpuCacheSizes(level_1_bytes, level_2_bytes, level_3_bytes), true);

}  // namespace

bool are_cache_sizes_pinned() { return is_pinned; }

}  // namespace hpo::gp
