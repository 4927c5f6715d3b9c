// All values that a trial may have, one after the other, of a space that has few enough of them.
//
// Parents choose before their children, and a child without a value is not varied: so each entry
// occurs once, whatever the conditions. What violates a constraint is left out. Immutable, any
// thread.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "schema/search_space.hpp"

namespace hpo {

class Enumeration {
 public:
  // At most so many choices are looked at, and numbers kept: some tenths of a second, 16 MiB.
  static constexpr std::size_t work_max = std::size_t{1} << 22U;

  // nullopt: there are too many. `domains`: one per parameter, of values that its own domain has;
  // by default its own.
  static std::optional<Enumeration> make(const SearchSpace& space);
  static std::optional<Enumeration> make(const SearchSpace& space, std::vector<Domain> domains);

  // The cheap part of it. True: there are too many, for certain.
  static bool has_too_many(const SearchSpace& space, const std::vector<Domain>& domains);

  std::size_t size() const { return count_; }

  // REQUIRES: i < size(). The last of the space's order() varies fastest.
  Values at(std::size_t i) const;

 private:
  Enumeration(const SearchSpace& space, std::vector<Domain> domains)
      : space_(space), domains_(std::move(domains)) {}
  class Walk;

  SearchSpace space_;
  std::vector<Domain> domains_;
  std::vector<std::uint32_t> digits_{};  // count × parameters: which of the domain's values
  std::size_t count_ = 0;
};

}  // namespace hpo
