// See ladder.hpp. Powers by multiplication: exact for whole eta, and the same everywhere.
#include "strategies/pruners/ladder.hpp"

#include <cmath>

#include "schema/rungs.hpp"

namespace hpo::pruning {

std::vector<double> bracket_sizes(const FidelitySpec& fidelity) {
  std::vector<double> powers{1.0};  // of eta
  const int brackets = bracket_count(fidelity);  // s_max + 1
  for (int s = 1; s < brackets; ++s) powers.push_back(powers.back() * fidelity.eta);
  const double count = brackets;
  std::vector<double> sizes;
  for (std::size_t s = powers.size(); s-- > 0;) {
    sizes.push_back(std::ceil(count * powers[s] / static_cast<double>(s + 1)));
  }
  return sizes;
}

}  // namespace hpo::pruning
