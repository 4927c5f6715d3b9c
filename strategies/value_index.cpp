// A mixed-radix number: the first parameter is its lowest digit.
#include "strategies/value_index.hpp"

#include "schema/assert.hpp"
#include "strategies/domain_values.hpp"
#include "strategies/random_bits.hpp"

namespace hpo {

ValueIndex::ValueIndex(SearchSpace space) : space_(std::move(space)) {
  for (const Parameter& parameter : space_.parameters()) {
    // Having no value is one more possibility, the last.
    const std::uint64_t last = last_index(parameter.domain) + (parameter.when.empty() ? 0 : 1);
    last_.push_back(last);
    if (last >= size_max / size_) is_exact_ = false;
    size_ = is_exact_ ? size_ * (last + 1) : size_max;
  }
}

std::uint64_t ValueIndex::key(std::span<const ParamValue> values) const {
  std::uint64_t exact = 0;
  std::uint64_t hashed = 0;
  std::uint64_t weight = 1;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::uint64_t digit = is_active(values[i])
                                    ? index_of(space_.parameters()[i].domain, values[i])
                                    : last_[i];
    exact += weight * digit;
    weight *= last_[i] + 1;
    hashed = mix(hashed + digit);
  }
  return is_exact_ ? exact : hashed;
}

Values ValueIndex::at(std::uint64_t index) const {
  HPO_ASSERT(index < size_, "an index stays within the space");
  Values values;
  for (std::size_t i = 0; i < last_.size(); ++i) {
    values.push_back(value_at(space_.parameters()[i].domain, index % (last_[i] + 1)));
    index /= last_[i] + 1;  // below 2^64, since high - low is finite
  }
  return values;
}

}  // namespace hpo
