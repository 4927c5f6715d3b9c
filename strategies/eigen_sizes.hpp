// Eigen cuts products into blocks by the CPU's cache sizes, so another machine would sum in another
// order: they are pinned in every program that has a strategy with Eigen.
#pragma once

#include <Eigen/Core>
#include <cstddef>

namespace hpo {

// Of a common server: a smaller CPU loses some speed, no CPU changes a bit.
inline constexpr std::ptrdiff_t level_1_bytes = 32 << 10;
inline constexpr std::ptrdiff_t level_2_bytes = 512 << 10;
inline constexpr std::ptrdiff_t level_3_bytes = 4 << 20;

// Before main: Eigen keeps the sizes in a plain variable, which the compute pool's threads read.
inline const bool are_eigen_sizes_pinned =
    (Eigen::setCpuCacheSizes(level_1_bytes, level_2_bytes, level_3_bytes), true);

}  // namespace hpo
