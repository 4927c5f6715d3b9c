// All values of a search space, numbered: how many there are, and which comes k-th.
//
// The number of values is a product that overflows in most spaces; a space with more than
// size_max counts as larger than any history. Where there are conditions it counts more than can
// occur in a trial, which enumeration.hpp lists. Immutable, any thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "schema/search_space.hpp"

namespace hpo {

class ValueIndex {
 public:
  static constexpr std::uint64_t size_max = std::uint64_t{1} << 63U;

  explicit ValueIndex(SearchSpace space);

  std::uint64_t size() const { return size_; }  // at most size_max
  bool is_exact() const { return is_exact_; }   // size() is the number of values, not a bound

  // Equal values have equal keys. Different values have different keys if is_exact(); else two of
  // 10^5 share one with a chance of 10^-9.
  // REQUIRES: the space contains the values.
  std::uint64_t key(std::span<const ParamValue> values) const;

  // REQUIRES: index < size(), no conditions. Different indices give different values.
  Values at(std::uint64_t index) const;

 private:
  SearchSpace space_;
  std::vector<std::uint64_t> last_{};  // per parameter, see domain_values.hpp
  std::uint64_t size_ = 1;
  bool is_exact_ = true;
};

}  // namespace hpo
