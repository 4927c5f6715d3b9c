// The values of a whole space, numbered.
#include "strategies/value_index.hpp"

#include <catch2/catch.hpp>
#include <limits>
#include <set>

#include "tests/strategies/spaces.hpp"

namespace hpo {

TEST_CASE("a small space has as many values as its product, each with its own key",
          "[value_index]") {
  const ValueIndex index(space_of_domains({IntDomain{.low = 0, .high = 2}, BoolDomain{},
      FixedDomain{1.5}, choice({word_value("a"), word_value("b")})}));
  REQUIRE(index.is_exact());
  REQUIRE(index.size() == 12);
  std::set<Values> values;
  for (std::uint64_t i = 0; i < index.size(); ++i) {
    values.insert(index.at(i));
    CHECK(index.key(index.at(i)) == i);
  }
  CHECK(values.size() == 12);
}

TEST_CASE("a space without parameters has one value", "[value_index]") {
  const ValueIndex index{SearchSpace{}};
  CHECK(index.size() == 1);
  CHECK(index.at(0).empty());
}

TEST_CASE("the number of values does not overflow", "[value_index]") {
  const Domain wide = FloatDomain{.low = -float_max, .high = float_max};
  const std::vector<std::vector<Domain>> spaces{
      {wide}, {wide, wide}, {BoolDomain{}, wide, BoolDomain{}},
      std::vector<Domain>(SearchSpace::parameters_max, FloatDomain{})};
  for (const auto& domains : spaces) {
    const ValueIndex index(space_of_domains(domains));
    CHECK_FALSE(index.is_exact());
    CHECK(index.size() == ValueIndex::size_max);
    CHECK(index.at(0) != index.at(1));
    CHECK(index.key(index.at(5)) == index.key(index.at(5)));
    CHECK(index.key(index.at(5)) != index.key(index.at(6)));
    CHECK(index.at(index.size() - 1).size() == domains.size());
  }
}

TEST_CASE("a space is counted exactly up to its largest size, and not one past it",
          "[value_index]") {
  const Domain half = IntDomain{.low = 1, .high = std::int64_t{1} << 31};
  const Domain more = IntDomain{.low = 0, .high = std::int64_t{1} << 31};
  const ValueIndex largest(space_of_domains({half, half, BoolDomain{}}));
  CHECK(largest.is_exact());
  CHECK(largest.size() == ValueIndex::size_max);
  CHECK_FALSE(ValueIndex(space_of_domains({more, half, BoolDomain{}})).is_exact());
}

TEST_CASE("having no value is a possibility of its own", "[value_index]") {
  const ValueIndex index(six_conditional_values());
  std::set<std::uint64_t> keys{index.key(Values{word_value("adam"), Inactive{}}),
                               index.key(Values{word_value("lion"), Inactive{}})};
  for (int k = 1; k <= 4; ++k) keys.insert(index.key(Values{word_value("sgd"), integer(k)}));
  CHECK(keys.size() == 6);
}

}  // namespace hpo
