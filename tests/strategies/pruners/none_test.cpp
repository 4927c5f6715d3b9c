// None.
#include <catch2/catch.hpp>
#include <cmath>

#include "tests/strategies/pruners/events.hpp"

TEST_CASE("without a pruner not even NaN ends a trial", "[pruner]") {
  hpo::Pruner pruner = hpo::test::make_pruner(hpo::test::pruned_study("none"));
  CHECK(pruner.report(hpo::test::report_of(0, 1, NAN)) == hpo::Decision{});
}
