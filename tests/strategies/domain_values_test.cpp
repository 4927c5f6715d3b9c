// The values of a domain, numbered.
#include "strategies/domain_values.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "tests/strategies/spaces.hpp"

namespace hpo {

TEST_CASE("a domain's last index is one less than its number of values", "[domain_values]") {
  const auto [domain, last] = GENERATE(table<Domain, std::uint64_t>({
      {IntDomain{.low = -3, .high = 3}, 6},
      {IntDomain{.low = 0, .high = 12, .step = 4}, 3},
      {IntDomain{.low = -int_max, .high = int_max}, std::uint64_t{1} << 54U},
      {FloatDomain{.low = 0.0, .high = 0.9, .step = 0.3}, 3},
      {FloatDomain{.low = 0.0, .high = 1.0, .step = 0.1}, 10},
      {FloatDomain{.low = 2.0, .high = 2.0, .step = 0.4}, 0},
      {FloatDomain{.low = 1.0, .high = 1.0 + 0x1.0p-51}, 2},
      {FloatDomain{.low = -5e-324, .high = 5e-324}, 2},
      {ChoiceDomain{{integer(1), word_value("x"), true}}, 2},
      {OrdinalDomain{{16.0, 32.0}}, 1},
      {BoolDomain{}, 1},
      {FixedDomain{word_value("always")}, 0}}));
  CHECK(last_index(domain) == last);
}

TEST_CASE("value -> index -> value is exact at both ends and between", "[domain_values]") {
  const Domain domain = GENERATE(as<Domain>(),
      IntDomain{.low = -int_max, .high = int_max}, IntDomain{.low = -7, .high = 9, .step = 2},
      FloatDomain{.low = -float_max, .high = float_max}, FloatDomain{.low = 1e-5, .high = 1e-1},
      FloatDomain{.low = -1.0, .high = 2.0, .step = 0.1}, OrdinalDomain{{8.0, 16.0, 99.0}},
      ChoiceDomain{{word_value("a"), integer(2), false}}, BoolDomain{}, FixedDomain{3.0});
  const std::uint64_t last = last_index(domain);
  for (const std::uint64_t index : {std::uint64_t{0}, last / 3, last / 2, last}) {
    CHECK(index_of(domain, value_at(domain, index)) == index);
    CHECK(contains(domain, value_at(domain, index)));
  }
}

TEST_CASE("a user's 0.3 is the same value as three steps of 0.1", "[domain_values]") {
  const Domain domain = FloatDomain{.low = 0.0, .high = 1.0, .step = 0.1};
  CHECK(index_of(domain, ParamValue{0.3}) == index_of(domain, value_at(domain, 3)));
}

TEST_CASE("both zeros are the same value", "[domain_values]") {
  const Domain domain = FloatDomain{.low = -1.0, .high = 1.0};
  CHECK(index_of(domain, ParamValue{-0.0}) == index_of(domain, ParamValue{0.0}));
}

}  // namespace hpo
