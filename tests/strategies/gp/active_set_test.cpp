// The active set has the best, the near and some of all the others.
#include "strategies/gp/active_set.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

namespace hpo::gp {
namespace {

// Points along a line; the later, the better.
struct Line {
  Kernel kernel{.is_ordered = {1}, .weights = Vector::Ones(1)};
  Table points = Vector::LinSpaced(1000, 0.0, 1.0);
  Vector targets = Vector::LinSpaced(1000, -1.0, 1.0);
};

}  // namespace

TEST_CASE("an active set is as large as asked for, ascending, and all where there are fewer",
          "[gp]") {
  const Line line;
  const std::vector<Index> some = active_set(line.kernel, line.points, line.targets, 200);
  CHECK(some.size() == 200);
  CHECK(std::is_sorted(some.begin(), some.end()));
  CHECK(std::adjacent_find(some.begin(), some.end()) == some.end());
  CHECK(active_set(line.kernel, line.points, line.targets, 1000).size() == 1000);
}

TEST_CASE("most of it is near the best, and some is everywhere", "[gp]") {
  Line line;
  line.targets[500] = 2.0;
  const std::vector<Index> rows = active_set(line.kernel, line.points, line.targets, 200);
  const auto within = [&](Index low, Index high) {
    return std::count_if(rows.begin(), rows.end(),
                         [&](Index row) { return row >= low && row < high; });
  };
  CHECK(std::count(rows.begin(), rows.end(), 500) == 1);
  CHECK(std::count(rows.begin(), rows.end(), 999) == 1);  // among the best
  CHECK(within(430, 570) >= 120);
  CHECK(within(0, 250) >= 10);
}

TEST_CASE("of equal targets the newest are the best", "[gp]") {
  Line line;
  line.targets.setZero();
  const std::vector<Index> rows = active_set(line.kernel, line.points, line.targets, 80);
  CHECK(std::count_if(rows.begin(), rows.end(), [](Index row) { return row >= 940; }) >= 59);
}

}  // namespace hpo::gp
