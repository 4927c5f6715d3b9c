// Numbers in [0, 1) that cma_reference.py computes alike. Pure function.
#pragma once

#include <cmath>
#include <cstddef>

namespace hpo {

inline double fraction(std::size_t n) {
  return std::fmod(static_cast<double>(n) * 0.6180339887498949, 1.0);
}

}  // namespace hpo
