// Indices of numbers in ascending order, in time linear in their count. Pure, any thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace hpo {

// Equal numbers stay in their order. REQUIRES: no number is negative or NaN
std::vector<std::uint32_t> radix_order(std::span<const double> numbers);

}  // namespace hpo
