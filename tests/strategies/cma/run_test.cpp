// One run: when generations close, and what they learn from.
#include "strategies/cma/run.hpp"

#include <catch2/catch.hpp>

#include "tests/strategies/spaces.hpp"

namespace hpo {
namespace {

constexpr std::size_t members = 6;

const UnitCube& plane() {
  static const UnitCube cube(space_of_domains({FloatDomain{}, FloatDomain{}}));
  return cube;
}

CmaRun run_on(const CmaLayout& layout) {
  return {layout, cma_start(layout, {0.5, 0.5}, 0.2), {.population = members, .sigma = 0.2}};
}

CmaMember member(const CmaRun& run, const CmaLayout& layout, int number) {
  CmaMember member{.number = number};
  member.draw = run.distribution().draw(cma_noise(layout, 1, number));
  return member;
}

}  // namespace

TEST_CASE("a generation closes with its last result, in whatever order they came", "[cma]") {
  const CmaLayout layout(plane());
  CmaRun forth = run_on(layout);
  CmaRun back = run_on(layout);
  for (int i = 0; i < static_cast<int>(members); ++i) {
    CmaMember a = member(forth, layout, i);
    CmaMember b = member(back, layout, static_cast<int>(members) - 1 - i);
    a.loss = a.draw.x[0];
    b.loss = b.draw.x[0];
    const bool is_last = i + 1 == static_cast<int>(members);
    CHECK(forth.tell(a) == is_last);
    CHECK(back.tell(b) == is_last);
  }
  CHECK(forth.distribution().shape->mean == back.distribution().shape->mean);
  CHECK(forth.distribution().shape->mean[0] < 0.5);
}

TEST_CASE("infeasible trials are worse than pruned ones, and these than any value", "[cma]") {
  const CmaLayout layout(plane());
  CmaRun run = run_on(layout);
  for (int i = 0; i < static_cast<int>(members); ++i) {
    CmaMember each = member(run, layout, i);
    each.draw.x[0] = i < 3 ? 0.4 : 0.6;
    each.loss = i < 3 ? 1e300 : 0.0;
    if (i >= 3) each.kind = i == 3 ? CmaMember::Kind::pruned : CmaMember::Kind::infeasible;
    run.tell(each);
  }
  CHECK(run.distribution().shape->mean[0] == Approx(0.4));
}

TEST_CASE("generations without a single value teach nothing, and the third ends the run", "[cma]") {
  const CmaLayout layout(plane());
  CmaRun run = run_on(layout);
  for (int generation = 0; generation < 3; ++generation) {
    CHECK_FALSE(run.is_over());
    for (int i = 0; i < static_cast<int>(members); ++i) {
      CmaMember each = member(run, layout, i);
      each.kind = CmaMember::Kind::infeasible;
      run.tell(each);
    }
    CHECK(run.distribution().shape->mean == std::vector{0.5, 0.5});
  }
  CHECK(run.is_over());
}

TEST_CASE("a run ends at its limit of results", "[cma]") {
  const CmaLayout layout(plane());
  CmaRun run(layout, cma_start(layout, {0.5, 0.5}, 0.2),
             {.population = members, .sigma = 0.2, .results_max = 2 * members});
  for (int i = 0; i < static_cast<int>(2 * members); ++i) {
    CHECK_FALSE(run.is_over());
    CmaMember each = member(run, layout, i);
    each.loss = each.draw.x[0];
    run.tell(each);
  }
  CHECK(run.is_over());
}

}  // namespace hpo
