// Words for people.
#include "strategies/pruners/reason.hpp"

#include <catch2/catch.hpp>
#include <limits>

namespace hpo::pruning {

TEST_CASE("values are told as the training told them, in six digits", "[pruner]") {
  CHECK(value_at(0.61, 5, Direction::minimize) == "value 0.61 at step 5");
  CHECK(value_at(-0.8765432, 5, Direction::maximize) == "value 0.876543 at step 5");
  CHECK(value_at(0.0, 0, Direction::maximize) == "value 0 at step 0");
  CHECK(short_number(1.5e-9) == "1.5e-09");
  CHECK(short_number(-std::numeric_limits<double>::max()) == "-1.79769e+308");
}

TEST_CASE("a fraction has its name", "[pruner]") {
  CHECK(fraction_words(2.0) == "half");
  CHECK(fraction_words(3.0) == "third");
  CHECK(fraction_words(4.0) == "quarter");
  CHECK(fraction_words(2.5) == "1/2.5");
}

}  // namespace hpo::pruning
