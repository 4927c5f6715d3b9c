// Sizes of a common server's caches: a smaller CPU loses some speed, no CPU changes a bit.
#include "strategies/gp/matrix.hpp"

namespace hpo::gp {
namespace {

constexpr std::ptrdiff_t level_1_bytes = 32 << 10;
constexpr std::ptrdiff_t level_2_bytes = 512 << 10;
constexpr std::ptrdiff_t level_3_bytes = 4 << 20;

}  // namespace

void pin_cache_sizes() {
  static const bool once = [] {
    Eigen::setCpuCacheSizes(level_1_bytes, level_2_bytes, level_3_bytes);
    return true;
  }();
  static_cast<void>(once);
}

}  // namespace hpo::gp
