// Bytes -> "200G", "1536M", as study.json and batch systems write memory. Pure, any thread.
#pragma once

#include <cstdint>
#include <string>

namespace hpo {

// The largest of K, M, G and T, powers of 1024, that leaves a whole number. Parts of a K are
// rounded up. REQUIRES: bytes >= 0
std::string memory_text(std::int64_t bytes);

}  // namespace hpo
