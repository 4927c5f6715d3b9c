// Constraints are kept, whatever a strategy proposes, by uniform draws over what they allow.
#include "strategies/allowed.hpp"

#include <catch2/catch.hpp>
#include <algorithm>
#include <set>

#include "schema/space_probe.hpp"
#include "strategies/distinct.hpp"
#include "tests/schema/codec/random_values.hpp"
#include "tests/strategies/spaces.hpp"

namespace hpo {
namespace {

// Proposes the middle of the cube for every trial.
class Middle final : public Strategy {
 public:
  explicit Middle(const SearchSpace& space) : cube_(space) {}
  Result<Proposals> ask(const History&, int first_number, int count) override {
    Proposals answer;
    for (int i = 0; i < count; ++i) {
      answer.proposals.push_back(
          {first_number + i, cube_.from_unit(std::vector(cube_.dimension(), 0.5))});
    }
    return answer;
  }

 private:
  UnitCube cube_;
};

StudySpec square(const std::vector<std::string>& constraints) {
  return study_of(constrained_space({{.name = "x", .domain = FloatDomain{}},
                                     {.name = "y", .domain = FloatDomain{}}}, constraints));
}

Proposals ask_middle(const StudySpec& spec, int count) {
  const auto strategy = make_constrained(spec, std::make_unique<Middle>(spec.space));
  const auto answer = strategy->ask(History(spec.space.size()), 0, count);
  REQUIRE(answer);
  return *answer;
}

}  // namespace

TEST_CASE("what is allowed passes as it is", "[allowed]") {
  const Proposals answer = ask_middle(square({"x + y <= 1"}), 3);
  for (const Proposal& each : answer.proposals) CHECK(each.values == Values{0.5, 0.5});
}

TEST_CASE("what is forbidden becomes a uniform draw over what is allowed, by address",
          "[allowed]") {
  const StudySpec spec = square({"x + y <= 0.5"});
  const Proposals answer = ask_middle(spec, 4'000);
  int lower = 0;
  for (const Proposal& each : answer.proposals) {
    REQUIRE(spec.space.contains(each.values));
    // Half of the way to the corner: a quarter of the triangle.
    lower += std::get<double>(each.values[0]) + std::get<double>(each.values[1]) <= 0.25 ? 1 : 0;
  }
  CHECK(std::abs(lower - 1'000) < 5 * 28);
  const auto strategy = make_constrained(spec, std::make_unique<Middle>(spec.space));
  CHECK(strategy->ask(History(2), 17, 1)->proposals[0] == answer.proposals[17]);
}

TEST_CASE("a corner that chance does not hit within its rounds is approached", "[allowed]") {
  const StudySpec spec = square({"x <= 0.005", "y >= 0.995"});
  const Proposals answer = ask_middle(spec, 200);
  std::set<Values> different;
  for (const Proposal& each : answer.proposals) {
    REQUIRE(spec.space.contains(each.values));
    different.insert(each.values);
  }
  CHECK(different.size() > 150);
}

TEST_CASE("constraints that nothing fulfils are an error with a remedy, not a wrong proposal",
          "[allowed]") {
  const StudySpec spec = square({"x > 2"});
  const auto answer =
      make_constrained(spec, std::make_unique<Middle>(spec.space))->ask(History(2), 0, 1);
  REQUIRE_FALSE(answer);
  CHECK_FALSE(answer.error().remedy.empty());
}

TEST_CASE("without noise the values that constraints leave are tried once each", "[allowed]") {
  StudySpec spec = study_of(constrained_space(
      {{.name = "a", .domain = IntDomain{.low = 0, .high = 99}},
       {.name = "b", .domain = IntDomain{.low = 0, .high = 99}}}, {"a * b == 96"}), Noise::none);
  const auto strategy =
      make_distinct(spec, make_constrained(spec, std::make_unique<Middle>(spec.space)));
  const auto answer = strategy->ask(History(2), 0, 100);
  REQUIRE(answer);
  CHECK(answer->proposals.size() == 12);  // the divisors of 96
  HistoryBuilder builder(2);
  for (const Proposal& each : answer->proposals) builder.add(each.values);
  CHECK(strategy->ask(builder.history(), 12, 1)->exhausted);
}

TEST_CASE("random spaces with conditions and constraints: values come back from their coordinates",
          "[allowed]") {
  constexpr std::uint64_t seed = 5;
  INFO("seed " << seed);
  test::RandomValues random(seed);
  int constrained = 0;
  for (int i = 0; i < 300; ++i) {
    const SearchSpace space = random.constrained_space();
    constrained += space.constraints().empty() ? 0 : 1;
    const UnitCube cube(space);
    AllowedValues allowed(space, seed);
    for (int number = 0; number < 5; ++number) {
      const auto values = allowed.draw({.number = number}, [](const Values&) { return true; });
      REQUIRE(values);
      REQUIRE(space.contains(*values));
      const std::vector<double> point = cube.to_unit(*values);
      const Values back = cube.from_unit(point);
      REQUIRE(space.fits(back));
      const std::vector<double> again = cube.to_unit(back);
      for (std::size_t a = 0; a < point.size(); ++a) {
        INFO("axis " << a << " of " << point[a]);
        REQUIRE(again[a] == Approx(point[a]).margin(1e-9));
        const Domain& domain = space.parameters()[cube.parameter_of(a)].domain;
        const auto* f = std::get_if<FloatDomain>(&domain);
        if (f != nullptr && !f->step) continue;  // floats come back within some ulps
        REQUIRE(back[cube.parameter_of(a)] == (*values)[cube.parameter_of(a)]);
      }
    }
  }
  CHECK(constrained > 100);
}

}  // namespace hpo
