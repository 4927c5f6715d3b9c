// The strategy `random`: uniform and independent of the history.
#include <catch2/catch.hpp>
#include <cmath>

#include "strategies/strategy.hpp"
#include "tests/strategies/spaces.hpp"

namespace hpo {

TEST_CASE("random proposals are uniform and differ between seeds", "[random]") {
  StudySpec spec = study_of(space_of_domains({FloatDomain{}, FloatDomain{}}));
  spec.strategy.type = "random";
  const auto answer = (*make_strategy(spec))->ask(History(2), 0, 10'000);
  REQUIRE(answer);
  REQUIRE(answer->proposals.size() == 10'000);
  double sum = 0.0;
  double product = 0.0;
  for (const Proposal& proposal : answer->proposals) {
    const double x = std::get<double>(proposal.values[0]) - 0.5;
    const double y = std::get<double>(proposal.values[1]) - 0.5;
    sum += x;
    product += x * y;
  }
  CHECK(std::abs(sum / 1e4) < 5.0 * std::sqrt(1.0 / 12.0 / 1e4));
  CHECK(std::abs(product / 1e4) < 5.0 / 12.0 / 1e2);
  spec.seed += 1;
  const auto other = (*make_strategy(spec))->ask(History(2), 0, 1);
  REQUIRE(other);
  CHECK(other->proposals[0] != answer->proposals[0]);
}

}  // namespace hpo
