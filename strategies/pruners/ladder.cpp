// See ladder.hpp. Powers by multiplication: exact for whole eta, and the same everywhere.
#include "strategies/pruners/ladder.hpp"

#include <cmath>

namespace hpo::pruning {

std::vector<double> bracket_sizes(const FidelitySpec& fidelity) {
  std::vector<double> powers{1.0};  // of eta
  const double ratio = static_cast<double>(fidelity.max) / static_cast<double>(fidelity.min);
  while (powers.back() * fidelity.eta <= ratio) powers.push_back(powers.back() * fidelity.eta);
  const auto count = static_cast<double>(powers.size());  // s_max + 1
  std::vector<double> sizes;
  for (std::size_t s = powers.size(); s-- > 0;) {
    sizes.push_back(std::ceil(count * powers[s] / static_cast<double>(s + 1)));
  }
  return sizes;
}

}  // namespace hpo::pruning
