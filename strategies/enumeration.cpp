// A walk through the tree of choices, in the order of the space.
#include "strategies/enumeration.hpp"

#include <algorithm>

#include "schema/assert.hpp"
#include "strategies/domain_values.hpp"

namespace hpo {
class Enumeration::Walk {
 public:
  explicit Walk(Enumeration& out)
      : out_(out), values_(out.space_.size(), Inactive{}), digits_(out.space_.size(), 0) {}

  // Goes through all choices from this place of the order on. False: too many.
  bool go(std::size_t place) {
    const SearchSpace& space = out_.space_;
    if (place == space.size()) return keep();
    const std::size_t i = space.order()[place];
    if (!space.is_active(i, values_)) {
      values_[i] = Inactive{};
      digits_[i] = 0;
      return go(place + 1);
    }
    const Domain& domain = out_.domains_[i];
    for (std::uint64_t k = 0; k <= last_index(domain); ++k) {
      if (++looked_at_ > work_max) return false;
      values_[i] = value_at(domain, k);
      digits_[i] = static_cast<std::uint32_t>(k);
      if (!go(place + 1)) return false;
    }
    return true;
  }

 private:
  bool keep() {
    if (out_.space_.violated(values_)) return true;
    if (out_.digits_.size() + digits_.size() > work_max) return false;
    out_.digits_.insert(out_.digits_.end(), digits_.begin(), digits_.end());
    ++out_.count_;
    return true;
  }

  Enumeration& out_;
  Values values_;
  std::vector<std::uint32_t> digits_;
  std::size_t looked_at_ = 0;
};

// A product of the parameters that are always there: a bound from below, found without a walk.
bool Enumeration::has_too_many(const SearchSpace& space, const std::vector<Domain>& domains) {
  std::uint64_t count = 1;
  for (std::size_t i = 0; i < space.size(); ++i) {
    const std::uint64_t last = last_index(domains[i]);
    if (last >= work_max) return true;
    if (!space.is_conditional(i)) count *= last + 1;
    if (count > work_max) return true;
  }
  return false;
}

std::optional<Enumeration> Enumeration::make(const SearchSpace& space) {
  std::vector<Domain> domains;
  for (const Parameter& parameter : space.parameters()) domains.push_back(parameter.domain);
  return make(space, std::move(domains));
}

std::optional<Enumeration> Enumeration::make(const SearchSpace& space,
                                             std::vector<Domain> domains) {
  HPO_ASSERT(domains.size() == space.size(), "there is one domain per parameter");
  if (has_too_many(space, domains)) return std::nullopt;
  Enumeration all(space, std::move(domains));
  if (!Walk(all).go(0)) return std::nullopt;
  return all;
}

Values Enumeration::at(std::size_t i) const {
  HPO_ASSERT(i < count_, "an index stays within the enumeration");
  Values values(space_.size(), Inactive{});
  for (const std::size_t p : space_.order()) {
    if (!space_.is_active(p, values)) continue;
    values[p] = value_at(domains_[p], digits_[i * values.size() + p]);
  }
  return values;
}

}  // namespace hpo
