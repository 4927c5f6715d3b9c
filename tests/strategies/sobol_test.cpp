// The strategy `sobol`: the sequence by trial number.
#include "strategies/sobol_sequence.hpp"

#include <catch2/catch.hpp>

#include "strategies/strategy.hpp"
#include "strategies/unit_cube.hpp"
#include "tests/strategies/spaces.hpp"

namespace hpo {

TEST_CASE("sobol proposes the sequence's points by trial number", "[sobol]") {
  StudySpec spec = study_of(space_of_domains({FloatDomain{}, IntDomain{.low = 0, .high = 9}}));
  spec.strategy.type = "sobol";
  const auto strategy = make_strategy(spec);
  REQUIRE(strategy);
  const auto answer = (*strategy)->ask(History(2), 30, 3);
  REQUIRE(answer);
  REQUIRE(answer->proposals.size() == 3);
  const SobolSequence sequence(2, spec.seed);
  const UnitCube cube(spec.space);
  for (int i = 0; i < 3; ++i) {
    const Proposal& proposal = answer->proposals[static_cast<std::size_t>(i)];
    CHECK(proposal.number == 30 + i);
    CHECK(proposal.values == cube.from_unit(sequence.point(static_cast<std::uint32_t>(30 + i))));
  }
}

TEST_CASE("a batch cut into pieces gives the same sobol proposals", "[sobol]") {
  StudySpec spec = study_of(space_of_domains(std::vector<Domain>(20, FloatDomain{})));
  spec.strategy.type = "sobol";
  const auto whole = (*make_strategy(spec))->ask(History(20), 0, 8);
  const auto piece = (*make_strategy(spec))->ask(History(20), 5, 3);
  REQUIRE((whole && piece));
  for (std::size_t i = 0; i < 3; ++i) CHECK(whole->proposals[5 + i] == piece->proposals[i]);
}

}  // namespace hpo
