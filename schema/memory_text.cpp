// See memory_text.hpp.
#include "schema/memory_text.hpp"

#include <string_view>

namespace hpo {

std::string memory_text(std::int64_t bytes) {
  constexpr std::string_view units = "KMGT";
  constexpr std::int64_t kibi = 1024;
  std::int64_t amount = bytes / kibi + (bytes % kibi > 0 ? 1 : 0);
  std::size_t unit = 0;
  while (amount != 0 && amount % kibi == 0 && unit + 1 < units.size()) {
    amount /= kibi;
    ++unit;
  }
  return std::to_string(amount) + units[unit];
}

}  // namespace hpo
